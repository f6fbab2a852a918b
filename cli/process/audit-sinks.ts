import type { SecretRecord } from "../../identity/audit-records.ts";
import { type Audit, type AuditedDecisions, auditToLog, isWritten, repeatKey } from "../../issuer/audit.ts";
import { AuditTrail } from "../../kube/audit-trail.ts";
import type { Clock } from "../../kube/clock.ts";
import type { Log } from "../../kube/log.ts";
import type { AuditRevocation } from "../../operator/token-revocation/audit-revocation.ts";
import { vaultAuditToLog, repeatKey as vaultRepeatKey } from "../../vault/audit.ts";

/** Where a process writes its audit trail, whatever `--log-level` is. */
interface Trail {
  readonly auditLog: Log;
  readonly clock: Clock;
}

export interface AuditSink<Write> {
  readonly audit: Write;
  /** Writes what is still counted: called when the process ends. */
  flush(): void;
}

export function issuerAudit({ auditLog, clock }: Trail, decisions: AuditedDecisions): AuditSink<Audit> {
  const trail = new AuditTrail(auditToLog(auditLog), clock);
  return {
    audit(record) {
      if (isWritten(record, decisions)) trail.record(record, repeatKey(record));
    },
    flush: () => trail.flush(),
  };
}

export function vaultAudit({ auditLog, clock }: Trail): AuditSink<(record: SecretRecord) => void> {
  const trail = new AuditTrail(vaultAuditToLog(auditLog), clock);
  return { audit: (record) => trail.record(record, vaultRepeatKey(record)), flush: () => trail.flush() };
}

export function revocationAudit({ auditLog }: Pick<Trail, "auditLog">): AuditRevocation {
  return (record) => {
    auditLog.info({ audit: record }, record.decision === "revoked" ? "Tokens revoked." : "Revocation withdrawn.");
  };
}
