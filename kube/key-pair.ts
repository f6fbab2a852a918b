import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import type { Secret } from "./cluster-kinds.ts";
import { secretText } from "./secret-data.ts";

/** A certificate, or a chain that begins with it, and the private key that belongs to it: PEM. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
  /** Milliseconds since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
}

/** The keys of a Secret of type kubernetes.io/tls. https://kubernetes.io/docs/concepts/configuration/secret/#tls-secrets */
export const TLS_CERT = "tls.crt";
export const TLS_KEY = "tls.key";
export const TLS_CA = "ca.crt";

/** Undefined unless both are there, can be read, and belong together: a TLS server throws at any other pair. */
export function readKeyPair(secret: Secret, certKey = TLS_CERT, keyKey = TLS_KEY): KeyPair | undefined {
  const cert = secretText(secret, certKey);
  const key = secretText(secret, keyKey);
  if (cert === undefined || key === undefined) return undefined;
  const certificate = readCertificate(cert);
  const privateKey = readPrivateKey(key);
  if (certificate === undefined || privateKey === undefined || !certificate.checkPrivateKey(privateKey)) {
    return undefined;
  }
  return { cert, key, ...validity(certificate) };
}

/** The first certificate of a PEM text. */
export function readCertificate(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

function readPrivateKey(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}

function validity({ validFromDate, validToDate }: X509Certificate): Pick<KeyPair, "notBefore" | "notAfter"> {
  return { notBefore: validFromDate.getTime(), notAfter: validToDate.getTime() };
}
