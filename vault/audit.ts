import type { SecretRecord } from "../identity/audit-records.ts";
import type { Log } from "../kube/log.ts";

/** What the vault writes down of each request: who did what to which secret, and whether it was allowed. */
export type VaultAuditRecord = SecretRecord;

export type VaultAudit = (record: VaultAuditRecord) => void;

/**
 * By what a record is equal to another: undefined for an access, each of which is written. Of a request that proved
 * nothing, only what the sender cannot choose at will counts.
 */
export function repeatKey(record: VaultAuditRecord): string | undefined {
  if (record.decision === "allowed") return undefined;
  const { time: _time, traceId: _traceId, ...rest } = record;
  const { operation, status, reason, vault, sourceAddress } = record;
  return JSON.stringify(record.principalId === undefined ? [operation, status, reason, vault, sourceAddress] : rest);
}

/** The audit trail as log lines, under one key, so that a collector can pick them out. */
export function vaultAuditToLog(log: Log): VaultAudit {
  return (record) => {
    if (record.decision === "allowed") log.info({ audit: record }, "Secret accessed.");
    else log.warn({ audit: record }, "Access to a secret refused.");
  };
}
