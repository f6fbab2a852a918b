import { createSecureContext, type SecureContext } from "node:tls";
import type { Secret } from "../kube/cluster-kinds.ts";
import { TLS_KEY } from "../kube/key-pair.ts";
import type { Log } from "../kube/log.ts";
import { secretText } from "../kube/secret-data.ts";
import type { WatchedObject } from "../kube/watched-object.ts";
import { vaultLimits } from "./limits.ts";
import type { VaultAt } from "./settings.ts";

/** The certificate for the name that a client asks for (RFC 6066 §3); undefined for a name that no vault has. */
export type CertificateFor = (serverName: string) => SecureContext | undefined;

/**
 * Each vault has a certificate of its own, in one Secret under its host. A certificate is read when a client asks for
 * it, and kept until the Secret changes, so that a new certificate is shown from the next connection on.
 */
export function sniCertificates(
  secret: Pick<WatchedObject<Secret>, "get" | "onChange">,
  vaultAt: VaultAt,
  log: Pick<Log, "warn">,
): CertificateFor {
  const contexts = new Map<string, SecureContext>();
  secret.onChange(() => contexts.clear());

  function read(host: string): SecureContext | undefined {
    const observed = secret.get();
    const [cert, key] = observed === undefined ? [] : [secretText(observed, host), secretText(observed, TLS_KEY)];
    if (cert === undefined || key === undefined) return undefined;
    try {
      return createSecureContext({ cert, key, minVersion: "TLSv1.2" });
    } catch (err) {
      log.warn({ err, host }, "The certificate of a vault cannot be used, so the vault process shows its own.");
      return undefined;
    }
  }
  return (serverName) => {
    const vault = vaultAt({ host: serverName, localPort: 0 });
    if (vault === undefined) return undefined;
    const host = `${vault.name}.${vault.namespace}.svc`;
    const context = contexts.get(host) ?? read(host);
    if (context === undefined) return undefined;
    contexts.delete(host);
    contexts.set(host, context);
    if (contexts.size > vaultLimits.certificatesInMemory) contexts.delete(contexts.keys().next().value ?? "");
    return context;
  };
}
