import type { Grant } from "../identity/access.ts";
import { assignmentKey } from "../identity/access-index.ts";
import {
  AUDIT_SCHEMA,
  type DecisionRecord,
  type IntrospectionRecord,
  MOST_AUDITED_GRANTS,
  type RequestRecord,
  type TokenRecord,
} from "../identity/audit-records.ts";
import type { RefusalCode } from "../identity/reasons.ts";
import type { Clock } from "../kube/clock.ts";
import type { Log } from "../kube/log.ts";
import type { HttpRequest } from "./http-message.ts";

/** What the issuer writes down: who asked, from where, what for, and why it was decided so. */
export type AuditRecord = TokenRecord | IntrospectionRecord | DecisionRecord | RequestRecord;

export type Audit = (record: AuditRecord) => void;

type Noted = Omit<
  TokenRecord,
  "schema" | "time" | "event" | "decision" | "traceId" | "endpoint" | "reason" | "sourceAddress"
>;
type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** What is known of a request so far: each step notes what it found out, so that a refusal can say who was refused. */
export type AuditNotes = Mutable<Noted>;

export interface AuditedRequest {
  /** Such as `POST /oauth2/token`. */
  readonly endpoint: string;
  readonly request: Pick<HttpRequest, "traceId" | "sourceAddress">;
  readonly notes: AuditNotes;
}

/** The members that every record of a request has, and what was noted. */
export function auditHead({ endpoint, request, notes }: AuditedRequest, clock: Clock) {
  return {
    schema: AUDIT_SCHEMA,
    time: new Date(clock.now()).toISOString(),
    traceId: request.traceId,
    endpoint,
    ...notes,
    sourceAddress: request.sourceAddress,
  } as const;
}

const events: Readonly<Record<string, "token" | "introspection" | "decision">> = {
  "POST /oauth2/token": "token",
  "POST /introspect": "introspection",
  "POST /access/v1/evaluation": "decision",
  "POST /access/v1/evaluations": "decision",
};

export function refusedRecord(audited: AuditedRequest, reason: RefusalCode, clock: Clock): AuditRecord {
  const event = events[audited.endpoint] ?? "request";
  return { event, decision: "refused", ...auditHead(audited, clock), reason };
}

/** Names the assignments that give a right; many roles make a record longer, not endless. */
export function noteGrants(notes: AuditNotes, grants: readonly Grant[]): void {
  notes.grants = grants.slice(0, MOST_AUDITED_GRANTS).map(({ role, assignment, scope }) => ({
    role: role.metadata.name,
    assignment: assignmentKey(assignment),
    scope,
  }));
  if (grants.length > MOST_AUDITED_GRANTS) notes.grantsOmitted = grants.length - MOST_AUDITED_GRANTS;
}

/** Which records are written: `denied` leaves out decisions and introspections that were answered with yes. */
export type AuditedDecisions = "all" | "denied";

export function isWritten({ decision }: AuditRecord, decisions: AuditedDecisions): boolean {
  return decisions === "all" || (decision !== "allowed" && decision !== "active");
}

/**
 * Returns the key by which the audit trail counts equal records together, or undefined for a record that is written by
 * itself: a token, or a refusal of a request that proved no pod. `RefusalDigest` has counted the latter already, and its
 * record carries the count.
 */
export function repeatKey(record: AuditRecord): string | undefined {
  const isDigested = record.decision === "refused" && record.pod === undefined;
  if (record.decision === "issued" || isDigested) return undefined;
  const { time: _time, traceId: _traceId, ...rest } = record;
  return JSON.stringify(rest);
}

const messages: Readonly<Record<AuditRecord["decision"], string>> = {
  issued: "Token issued.",
  active: "Token introspected.",
  inactive: "Token introspected.",
  allowed: "Action allowed.",
  denied: "Action denied.",
  refused: "Request refused.",
};

/** The audit trail as log lines, under one key, so that a collector can pick them out. */
export function auditToLog(log: Log): Audit {
  return (record) => {
    const write = record.decision === "refused" || record.decision === "denied" ? log.warn : log.info;
    write.call(log, { audit: record }, messages[record.decision]);
  };
}
