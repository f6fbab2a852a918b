import type { TokenRevocation } from "../../identity/token-revocation.ts";
import { keyText } from "../../kube/kind.ts";
import { isUsable, type Stored } from "../../kube/stored.ts";

export const tokenRevocationIndexes = {
  namespace: ({ metadata }: Stored<TokenRevocation>) => (metadata.namespace === undefined ? [] : [metadata.namespace]),
  identity: (revocation: Stored<TokenRevocation>) => {
    if (!isUsable(revocation) || revocation.spec.managedIdentity === undefined) return [];
    return [keyText({ namespace: revocation.metadata.namespace, name: revocation.spec.managedIdentity })];
  },
};
