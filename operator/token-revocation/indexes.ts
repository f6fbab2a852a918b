import type { TokenRevocation } from "../../identity/token-revocation.ts";
import type { Stored } from "../../kube/stored.ts";

export const tokenRevocationIndexes = {
  namespace: ({ metadata }: Stored<TokenRevocation>) => (metadata.namespace === undefined ? [] : [metadata.namespace]),
};
