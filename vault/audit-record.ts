import { AUDIT_SCHEMA } from "../identity/audit-records.ts";
import type { Clock } from "../kube/clock.ts";
import type { VaultAuditRecord } from "./audit.ts";
import type { Caller } from "./authority.ts";
import type { Done } from "./operations/operation-context.ts";
import type { Operation } from "./protocol/operation.ts";
import { VaultError } from "./protocol/vault-error.ts";
import type { VaultRequest } from "./vault-request.ts";

type Noted = Omit<VaultAuditRecord, "schema" | "event" | "time" | "traceId" | "decision" | "status" | "sourceAddress">;

/** What is known of a request so far: filled step by step, so that a refusal can say who was refused. */
export type AuditNotes = { -readonly [Key in keyof Noted]?: Noted[Key] } & { allowed?: boolean };

export function noteCaller(notes: AuditNotes, { principalId, identity, clientId, pod }: Caller): void {
  notes.principalId = principalId;
  if (identity !== undefined) notes.identity = identity;
  if (clientId !== undefined) notes.clientId = clientId;
  if (pod !== undefined)
    notes.pod = { namespace: pod.namespace, name: pod.name, ...(pod.uid === undefined ? {} : { uid: pod.uid }) };
}

export function noteOperation(notes: AuditNotes, operation: Operation): void {
  notes.operation = operation.name;
  if ("secret" in operation) notes.secret = operation.secret;
  if ("version" in operation && operation.version !== undefined) notes.version = operation.version;
}

/** What was allowed and then found nothing, or was refused for its content, is an access all the same; its status says so. */
export function auditRecord(
  { traceId, sourceAddress }: VaultRequest,
  outcome: Done | VaultError,
  { allowed = false, operation = "none", ...notes }: AuditNotes,
  clock: Clock,
): VaultAuditRecord {
  return {
    ...{ schema: AUDIT_SCHEMA, event: "secret" },
    time: new Date(clock.now()).toISOString(),
    traceId,
    operation,
    decision: allowed ? "allowed" : "refused",
    status: outcome.status,
    ...(outcome instanceof VaultError ? { reason: outcome.code } : {}),
    ...notes,
    sourceAddress,
  };
}
