import { randomUUID } from "node:crypto";
import { API_VERSION } from "../../identity/names.ts";
import type { TokenRevocation } from "../../identity/token-revocation.ts";

/** A revocation of namespace shop; of identity orders, unless said otherwise. */
export function revocation(
  spec: TokenRevocation["spec"] = { managedIdentity: "orders" },
  meta: Partial<Pick<TokenRevocation["metadata"], "name" | "namespace" | "uid" | "creationTimestamp">> = {},
): TokenRevocation {
  const named = { name: "leaked", namespace: "shop", uid: randomUUID(), creationTimestamp: "2026-11-21T12:00:00Z" };
  return {
    apiVersion: API_VERSION,
    kind: "TokenRevocation",
    metadata: { ...named, resourceVersion: "1", ...meta },
    spec,
  };
}
