import { AUDIT_SCHEMA, type RevocationRecord } from "../../identity/audit-records.ts";
import { resourceIdOf } from "../../identity/ids.ts";
import type { TokenRevocation } from "../../identity/token-revocation.ts";
import { keyText } from "../../kube/kind.ts";
import { isUsable, type Stored } from "../../kube/stored.ts";

export type AuditRevocation = (record: RevocationRecord) => void;

/** What is written down of a TokenRevocation. One that cannot be read revokes every token of its namespace, and names none. */
export function revocationRecord(
  revocation: Stored<TokenRevocation>,
  decision: RevocationRecord["decision"],
  now: number,
): RevocationRecord {
  return {
    ...{ schema: AUDIT_SCHEMA, event: "revocation", decision },
    time: new Date(now).toISOString(),
    revocation: keyText(revocation.metadata),
    ...(isUsable(revocation) ? target(revocation) : {}),
  };
}

function target({ metadata: { namespace }, spec }: TokenRevocation) {
  const { managedIdentity, pod, tokenId } = spec;
  if (managedIdentity !== undefined) return { identity: resourceIdOf({ namespace, name: managedIdentity }) };
  if (pod !== undefined) return { pod: { namespace, ...pod } };
  return tokenId === undefined ? {} : { jti: tokenId };
}
