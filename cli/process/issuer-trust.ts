import type { Secret } from "../../kube/cluster-kinds.ts";
import { TLS_CA } from "../../kube/key-pair.ts";
import { secretText } from "../../kube/secret-data.ts";
import type { WatchedObject } from "../../kube/watched-object.ts";

/**
 * Reads the authorities that the issuer is known by, PEM: they stand beside a process's own certificate. Rejects while
 * there are none. To go on with the system's would show a ServiceAccount token to whoever they vouch for, while no
 * public authority vouches for the name of a Service.
 */
export function issuerTrust({ key, get }: Pick<WatchedObject<Secret>, "key" | "get">): () => Promise<string> {
  return async () => {
    const secret = get();
    const authorities = (secret && secretText(secret, TLS_CA))?.trim() ?? "";
    if (authorities === "") throw new Error(`Secret ${key.name} has no ${TLS_CA}, by which the issuer would be known`);
    return authorities;
  };
}
