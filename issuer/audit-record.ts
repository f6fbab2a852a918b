import type { Clock } from "../kube/clock.ts";
import type { AuditNotes, AuditRecord } from "./audit.ts";
import type { HttpRequest } from "./http-message.ts";

export function auditRecord(
  decision: AuditRecord["decision"],
  request: Pick<HttpRequest, "method" | "path" | "traceId" | "sourceAddress">,
  notes: AuditNotes,
  clock: Clock,
): AuditRecord {
  return {
    time: new Date(clock.now()).toISOString(),
    traceId: request.traceId,
    endpoint: `${request.method} ${request.path}`,
    decision,
    ...notes,
    sourceAddress: request.sourceAddress,
  };
}
