import type { Secret } from "../../kube/cluster-kinds.ts";
import { type KeyPair, readCertificate, readKeyPair, TLS_CA, TLS_CERT, TLS_KEY } from "../../kube/key-pair.ts";
import { secretData, secretText } from "../../kube/secret-data.ts";
import type { WatchedObject } from "../../kube/watched-object.ts";
import { type Authorities, trustBundle } from "./authorities.ts";
import type { CertificatesContext, Keep } from "./context.ts";
import { issueServing } from "./issue-certificate.ts";
import { isPermitted, permittedDomains } from "./name-constraints.ts";
import { type Serving, servingStep } from "./serving-step.ts";
import { writeSecret } from "./write-secret.ts";

interface ServingSecret {
  readonly secret: WatchedObject<Secret>;
  /** As they are now. */
  readonly dnsNames: () => readonly string[];
  readonly otherNames?: "keep" | "reissue" | undefined;
}

/** Makes a server's certificate, and renews it in time. */
export function keepServing(
  context: CertificatesContext,
  { secret, dnsNames: namesNow, otherNames = "reissue" }: ServingSecret,
  authoritiesNow: () => Authorities | undefined,
): Keep {
  const { api, clock, log, lifetimes, onExpiry } = context;

  return async () => {
    const authorities = authoritiesNow();
    if (authorities === undefined) return undefined;
    const [now, observed, ca] = [clock.now(), secret.get(), trustBundle(authorities)];
    const serving = observed && readServing(observed, authorities.current);
    if (serving !== undefined) onExpiry(secret.key.name, serving.notAfter);
    // A name that the authority may not sign for would make the certificate invalid for all of its names.
    const domains = permittedDomains(authorities.current.cert);
    const dnsNames = namesNow().filter((name) => isPermitted(name, domains));
    const step = servingStep({ serving, dnsNames, otherNames, trustBundle: ca, now });
    if (step.kind === "wait") return step.until;
    const authority = authorities.current;
    const pair = step.kind === "store" ? step.serving : await issue({ authority, dnsNames, now }, step.because);
    const data = secretData({ [TLS_CERT]: pair.cert, [TLS_KEY]: pair.key, [TLS_CA]: ca });
    await writeSecret(api, secret.key, observed, { type: "kubernetes.io/tls", data });
    return undefined;
  };

  function issue({ authority, dnsNames, now }: Issuing, because: string): Promise<KeyPair> {
    log.info({ secret: secret.key.name, because }, "A certificate is issued.");
    const validity = { notBefore: now - lifetimes.backdating, notAfter: now + lifetimes.serving };
    return issueServing({ authority, dnsNames, ...validity });
  }
}

interface Issuing {
  readonly authority: KeyPair;
  readonly dnsNames: readonly string[];
  readonly now: number;
}

function readServing(secret: Secret, authority: KeyPair): Serving | undefined {
  const pair = readKeyPair(secret);
  const [certificate, issuer] = [pair && readCertificate(pair.cert), readCertificate(authority.cert)];
  if (pair === undefined || certificate === undefined || issuer === undefined) return undefined;
  return {
    ...pair,
    dnsNames: (certificate.subjectAltName ?? "").split(", ").map((name) => name.replace(/^DNS:/, "")),
    isSignedByCurrent: certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey),
    ca: secretText(secret, TLS_CA),
  };
}
