import { isDeepStrictEqual } from "node:util";
import type { Secret } from "../../kube/cluster-kinds.ts";
import type { KeyPair } from "../../kube/key-pair.ts";
import type { WatchedObject } from "../../kube/watched-object.ts";
import { type Authorities, authoritiesData, readAuthorities } from "./authorities.ts";
import { type AuthorityStep, authorityStep } from "./authority-step.ts";
import type { CertificatesContext, Keep } from "./context.ts";
import { issueAuthority } from "./issue-certificate.ts";
import { domainsOf, permittedDomains } from "./name-constraints.ts";
import { writeSecret } from "./write-secret.ts";

/** Makes the certificate authority, and replaces it in time. */
export function keepAuthority(context: CertificatesContext, secret: WatchedObject<Secret>): Keep {
  const { api, clock, log, lifetimes, onExpiry } = context;
  const domains = domainsOf(context.clusterDomain, context.vaultDomain);
  const announcedSince = rememberAnnouncement();

  return async () => {
    const now = clock.now();
    const observed = secret.get();
    const authorities = observed && readAuthorities(observed);
    if (authorities !== undefined) onExpiry(secret.key.name, authorities.current.notAfter);
    const isConstrained = isDeepStrictEqual(authorities && permittedDomains(authorities.current.cert), domains);
    const facts = { authorities, announcedSince: announcedSince(authorities?.next, now), isConstrained, now };
    const step = authorityStep(facts, lifetimes);
    if (step.kind === "wait") return step.until;
    const stored = await newAuthorities(step, context, domains);
    await writeSecret(api, secret.key, observed, { type: "Opaque", data: authoritiesData(stored) });
    log.info({ secret: secret.key.name, because: step.because }, "The certificate authorities changed.");
    return undefined;
  };
}

async function newAuthorities(
  step: Exclude<AuthorityStep, { kind: "wait" }>,
  { clock, lifetimes }: CertificatesContext,
  domains: readonly string[],
): Promise<Authorities> {
  if (step.kind === "store") return step.authorities;
  const now = clock.now();
  const validity = { notBefore: now - lifetimes.backdating, notAfter: now + lifetimes.authority };
  return step.with(await issueAuthority({ domains, ...validity }));
}

/**
 * Since when each next authority has been seen. Not read from the certificate: an operator that made it and ended at
 * once has not published it, however long ago that was.
 */
function rememberAnnouncement(): (next: KeyPair | undefined, now: number) => number {
  let announced: { readonly cert: string; readonly since: number } | undefined;
  return (next, now) => {
    if (next !== undefined && next.cert !== announced?.cert) announced = { cert: next.cert, since: now };
    return announced?.since ?? now;
  };
}
