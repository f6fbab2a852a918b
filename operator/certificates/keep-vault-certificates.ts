import { createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import type { Secret } from "../../kube/cluster-kinds.ts";
import { type KeyPair, readCertificate, TLS_KEY } from "../../kube/key-pair.ts";
import { secretData, secretText } from "../../kube/secret-data.ts";
import type { WatchedObject } from "../../kube/watched-object.ts";
import type { Authorities } from "./authorities.ts";
import type { CertificatesContext, Keep, VaultHosts } from "./context.ts";
import { issueServing, newPrivateKey } from "./issue-certificate.ts";
import { isPermitted, permittedDomains } from "./name-constraints.ts";
import { type VaultCertificate, type VaultCertificatesStep, vaultCertificatesStep } from "./vault-certificates-step.ts";
import { writeSecret } from "./write-secret.ts";

interface VaultCertificates {
  readonly secret: WatchedObject<Secret>;
  readonly hosts: VaultHosts;
}

/**
 * Keeps a certificate for each vault, all in one Secret under the vaults' hosts, with one key: the vault process holds
 * them all, and shows each client the one of the host that it asks for.
 */
export function keepVaultCertificates(
  context: CertificatesContext,
  { secret, hosts }: VaultCertificates,
  authoritiesNow: () => Authorities | undefined,
): Keep {
  const { api, clock, log, onExpiry } = context;

  return async () => {
    const authority = authoritiesNow()?.current;
    if (authority === undefined) return undefined;
    const observed = secret.get();
    if (observed === undefined) {
      // Content is written by server-side apply alone, which also removes what is not wanted any more.
      await write(undefined, { [TLS_KEY]: await newPrivateKey() });
      return undefined;
    }
    const held = readHeld(observed, authority);
    const wanted = permittedHosts(hosts.byHost(), authority);
    const step = vaultCertificatesStep({ held, wanted, now: clock.now() });
    const ends = [...(held?.values() ?? [])].map(({ notAfter }) => notAfter);
    if (ends.length > 0)
      onExpiry(
        secret.key.name,
        ends.reduce((a, b) => Math.min(a, b)),
      );
    if (step.kind === "wait") return step.until;
    await write(observed, await contentOf(step, { observed, wanted, authority }, context));
    log.info({ secret: secret.key.name, vaults: wanted.size }, "The certificates of vaults changed.");
    return undefined;
  };

  function write(observed: Secret | undefined, texts: Readonly<Record<string, string>>): Promise<void> {
    return writeSecret(api, secret.key, observed, { type: "Opaque", data: secretData(texts) });
  }
}

/** A name that the authority may not sign for would make a certificate invalid for all of its names. */
function permittedHosts(wanted: ReturnType<VaultHosts["byHost"]>, { cert }: KeyPair): ReturnType<VaultHosts["byHost"]> {
  const domains = permittedDomains(cert);
  return new Map([...wanted].map(([host, names]) => [host, names.filter((name) => isPermitted(name, domains))]));
}

interface Facts {
  readonly observed: Secret;
  readonly wanted: ReadonlyMap<string, readonly string[]>;
  readonly authority: KeyPair;
}

/** The key, and a certificate for each wanted host: a new one, or the one that is there. */
async function contentOf(
  step: Exclude<VaultCertificatesStep, { kind: "wait" }>,
  { observed, wanted, authority }: Facts,
  { clock, lifetimes }: CertificatesContext,
): Promise<Record<string, string>> {
  const isNew = step.kind === "replace";
  const key = isNew ? await newPrivateKey() : (secretText(observed, TLS_KEY) ?? "");
  const issued = new Set(isNew ? wanted.keys() : step.issue);
  const validity = { notBefore: clock.now() - lifetimes.backdating, notAfter: clock.now() + lifetimes.serving };
  const content: Record<string, string> = { [TLS_KEY]: key };
  for (const [host, dnsNames] of wanted) {
    content[host] = issued.has(host)
      ? (await issueServing({ authority, dnsNames, key, ...validity })).cert
      : (secretText(observed, host) ?? "");
  }
  return content;
}

/** Undefined when there is no key. What is no certificate is left out, so that it is issued again. */
function readHeld(observed: Secret, authority: KeyPair): Map<string, VaultCertificate> | undefined {
  const publicKey = publicKeyOf(secretText(observed, TLS_KEY));
  if (publicKey === undefined) return undefined;
  const issuer = new X509Certificate(authority.cert);
  const held = new Map<string, VaultCertificate>();
  for (const host of Object.keys(observed.data ?? {})) {
    const certificate = host === TLS_KEY ? undefined : readCertificate(secretText(observed, host) ?? "");
    if (certificate === undefined) continue;
    const isOfKey = certificate.publicKey.export({ type: "spki", format: "pem" }) === publicKey;
    held.set(host, {
      dnsNames: (certificate.subjectAltName ?? "").split(", ").map((name) => name.replace(/^DNS:/, "")),
      isCurrent: isOfKey && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey),
      notBefore: certificate.validFromDate.getTime(),
      notAfter: certificate.validToDate.getTime(),
    });
  }
  return held;
}

/** PEM; undefined when the text is no private key. */
function publicKeyOf(key: string | undefined): string | undefined {
  try {
    return createPublicKey(createPrivateKey(key ?? ""))
      .export({ type: "spki", format: "pem" })
      .toString();
  } catch {
    return undefined;
  }
}
