import type { KubeApi } from "./api.ts";
import type { Clock } from "./clock.ts";
import { type Secret, secrets } from "./cluster-kinds.ts";
import { type KeyPair, readKeyPair } from "./key-pair.ts";
import type { Log } from "./log.ts";
import { watchObject } from "./watched-object.ts";

export type ServingCertificate = Pick<KeyPair, "cert" | "key" | "notAfter">;

interface ServingCertificateOptions {
  readonly api: KubeApi;
  readonly clock: Clock;
  readonly log: Log;
  readonly namespace: string;
  /** Of a Secret of type kubernetes.io/tls; only this one is read. */
  readonly name: string;
}

export interface ServingCertificateWatch {
  /** Fulfilled once the Secret holds a certificate with its key; never, if it is stopped before. */
  readonly first: Promise<ServingCertificate>;
  /** Calls with each new certificate, to be given to `server.setSecureContext`; the returned function ends it. */
  onChange(listener: (certificate: ServingCertificate) => void): () => void;
  stop(): Promise<void>;
}

/** The certificate that a server shows, and each that replaces it. One that is deleted or unreadable replaces nothing. */
export function watchServingCertificate({
  api,
  clock,
  log,
  namespace,
  name,
}: ServingCertificateOptions): ServingCertificateWatch {
  const listeners = new Set<(certificate: ServingCertificate) => void>();
  const { promise: first, resolve } = Promise.withResolvers<ServingCertificate>();
  let current: ServingCertificate | undefined;
  const watched = watchObject({ api, clock, log }, secrets, { namespace, name });

  watched.onChange(() => {
    const secret = watched.get();
    if (secret !== undefined) take(secret);
  });

  function take(secret: Secret): void {
    const pair = readKeyPair(secret);
    if (pair === undefined) {
      log.warn({ secret: name }, "The Secret holds no certificate with its key, so the last one stays in use.");
    } else if (pair.cert !== current?.cert || pair.key !== current.key) {
      current = pair;
      // What is fulfilled already stays as it is: this has an effect the first time.
      resolve(pair);
      for (const listener of [...listeners]) listener(pair);
    }
  }

  return {
    first,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop: watched.stop,
  };
}
