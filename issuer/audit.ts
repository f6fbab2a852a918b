import type { RefusalCode } from "../identity/reasons.ts";
import type { Log } from "../kube/log.ts";

/**
 * One line per token issued and per refusal: who, from where, asked for what, and why it was decided so. There is no
 * field that a token or a header could get into.
 */
export interface AuditRecord {
  /** RFC 3339. */
  readonly time: string;
  readonly traceId: string;
  /** Such as `POST /oauth2/token`: the name, not the path that was sent, which may hold anything. */
  readonly endpoint: string;
  readonly decision: "issued" | "refused";
  readonly reason?: RefusalCode;
  readonly pod?: { readonly namespace: string; readonly name: string; readonly uid: string };
  readonly serviceAccount?: string;
  readonly node?: string;
  /** Resource id of the identity. */
  readonly identity?: string;
  readonly principalId?: string;
  readonly clientId?: string;
  readonly audience?: string;
  readonly roles?: readonly string[];
  readonly grantType?: string;
  readonly jti?: string;
  /** RFC 3339: when the issued token ends. */
  readonly expiresAt?: string;
  readonly sourceAddress: string;
  /** Where the source address is not the pod's, as far as the API knows; `unreported`: the pod has just started. */
  readonly source?: "unreported" | "unknown" | "node" | "another pod";
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** What is known of a request so far: each step notes what it found out, so that a refusal can say who was refused. */
export type AuditNotes = Mutable<Omit<AuditRecord, "time" | "traceId" | "endpoint" | "decision" | "sourceAddress">>;

export type Audit = (record: AuditRecord) => void;

/** The audit trail as log lines, under one key, so that a collector can pick them out. */
export function auditToLog(log: Log): Audit {
  return (record) => {
    const write = record.decision === "issued" ? log.info : log.warn;
    write.call(log, { audit: record }, record.decision === "issued" ? "token issued" : "request refused");
  };
}
