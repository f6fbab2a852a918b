import type { Certificates, CertificatesOptions } from "./context.ts";
import { watchGivenCertificates } from "./given-certificates.ts";
import { startOwnCertificates } from "./own-certificates.ts";

/** Looks after the certificates of the webhook and the issuer: in the operator, while it leads. */
export function startCertificates(options: CertificatesOptions): Certificates {
  return options.mode === "own" ? startOwnCertificates(options) : watchGivenCertificates(options);
}
