import type { Log } from "../kube/log.ts";

/**
 * One line for each request: who did what to which secret, and whether it was allowed. There is no field that a value,
 * a token or a header could get into.
 */
export interface VaultAuditRecord {
  /** RFC 3339. */
  readonly time: string;
  readonly traceId: string;
  /** As in the documentation, such as `GetSecret`. */
  readonly operation: string;
  readonly decision: "allowed" | "refused";
  /** HTTP status of the reply. */
  readonly status: number;
  /** The error code of the reply, or the reason of the issuer. */
  readonly reason?: string;
  /** NAMESPACE/NAME of the ProtectedResource. */
  readonly vault?: string;
  readonly secret?: string;
  readonly version?: string;
  readonly principalId?: string;
  /** Resource id of the managed identity. */
  readonly identity?: string;
  readonly clientId?: string;
  /** NAMESPACE/NAME of the pod that the token was issued to. */
  readonly pod?: string;
  /** The role and the assignment that allowed it. */
  readonly role?: string;
  readonly assignment?: string;
  readonly sourceAddress: string;
}

export type VaultAudit = (record: VaultAuditRecord) => void;

/** The audit trail as log lines, under one key, so that a collector can pick them out. */
export function vaultAuditToLog(log: Log): VaultAudit {
  return (record) => {
    if (record.decision === "allowed") log.info({ audit: record }, "secret accessed");
    else log.warn({ audit: record }, "access to a secret refused");
  };
}
