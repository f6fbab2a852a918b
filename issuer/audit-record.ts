import type { Clock } from "../kube/clock.ts";
import type { AuditNotes, AuditRecord } from "./audit.ts";
import type { HttpRequest } from "./http-message.ts";

export interface Decided extends Pick<AuditRecord, "endpoint" | "decision"> {
  readonly request: Pick<HttpRequest, "traceId" | "sourceAddress">;
  readonly notes: AuditNotes;
}

export function auditRecord({ endpoint, decision, request, notes }: Decided, clock: Clock): AuditRecord {
  return {
    time: new Date(clock.now()).toISOString(),
    traceId: request.traceId,
    endpoint,
    decision,
    ...notes,
    sourceAddress: request.sourceAddress,
  };
}
