import type { Secret } from "../../kube/cluster-kinds.ts";
import { type KeyPair, readCertificate, readKeyPair, TLS_CERT, TLS_KEY } from "../../kube/key-pair.ts";
import { secretData, secretText } from "../../kube/secret-data.ts";

/** The certificate authorities of an installation: one, or two of them while one takes over from another. */
export interface Authorities {
  /** Signs. */
  readonly current: KeyPair;
  /** Is trusted, and will sign once everybody can know it. */
  readonly next?: KeyPair;
  /** Signed before. Its key is gone; it is trusted for as long as a certificate that it signed may be in use. */
  readonly previous?: { readonly cert: string /** Milliseconds since the epoch. */; readonly until: number };
}

const NEXT_CERT = "next.crt";
const NEXT_KEY = "next.key";
const PREVIOUS_CERT = "previous.crt";
const PREVIOUS_UNTIL = "previous-until";

/** Undefined when the Secret has none that can sign; of the other two, what cannot be read is left out. */
export function readAuthorities(secret: Secret): Authorities | undefined {
  const current = readKeyPair(secret);
  if (current === undefined) return undefined;
  const next = readKeyPair(secret, NEXT_CERT, NEXT_KEY);
  const previous = readPrevious(secret);
  return { current, ...(next === undefined ? {} : { next }), ...(previous === undefined ? {} : { previous }) };
}

function readPrevious(secret: Secret): Authorities["previous"] {
  const cert = secretText(secret, PREVIOUS_CERT);
  const until = Date.parse(secretText(secret, PREVIOUS_UNTIL) ?? "");
  if (cert === undefined || readCertificate(cert) === undefined || Number.isNaN(until)) return undefined;
  return { cert, until };
}

export function authoritiesData({ current, next, previous }: Authorities): Record<string, string> {
  return secretData({
    [TLS_CERT]: current.cert,
    [TLS_KEY]: current.key,
    [NEXT_CERT]: next?.cert,
    [NEXT_KEY]: next?.key,
    [PREVIOUS_CERT]: previous?.cert,
    [PREVIOUS_UNTIL]: previous && new Date(previous.until).toISOString(),
  });
}

/** The certificates to be trusted, PEM: the one that signs first. */
export function trustBundle({ current, next, previous }: Authorities): string {
  return [current.cert, next?.cert, previous?.cert].flatMap((cert) => (cert === undefined ? [] : [cert])).join("");
}
