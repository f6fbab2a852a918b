import type { Clock } from "../kube/clock.ts";
import type { Log } from "../kube/log.ts";
import { type Audit, type AuditNotes, refusedRecord } from "./audit.ts";
import { type Endpoint, Refused } from "./endpoint.ts";
import type { Handler, HttpReply } from "./http-message.ts";
import { refusedReply } from "./oauth-error.ts";
import type { RefusalDigest } from "./refusal-digest.ts";
import type { OnRefused } from "./refusal-events.ts";
import type { RequestContext } from "./request-context.ts";

export interface RefusalSinks {
  readonly audit: Audit;
  readonly clock: Clock;
  readonly log: Log;
  readonly onRefused: OnRefused;
  /** Takes refusals of requests that proved no pod. */
  readonly digest: Pick<RefusalDigest, "add">;
}

/** Serves an endpoint: its reply, or the refusal of one of its steps, which is also recorded. */
export function handlerOf<Context>(
  endpoint: Endpoint<RequestContext, Context>,
  reply: (context: Context) => HttpReply,
  { audit, clock, log, onRefused, digest }: RefusalSinks,
): Handler {
  return async (request) => {
    const notes: AuditNotes = {};
    const outcome = await endpoint.run({ request, notes });
    if (!(outcome instanceof Refused)) return reply(outcome);
    const { code, detail } = outcome.refusal;
    onRefused(outcome.refusal, notes);
    const record = refusedRecord({ endpoint: endpoint.name, request, notes }, code, clock);
    const isKnown = notes.pod !== undefined;
    if (isKnown) audit(record);
    else digest.add(record);
    if (isKnown && detail !== undefined) {
      log.info({ traceId: request.traceId, reason: code, detail }, "why a request was refused");
    }
    return refusedReply(outcome, request.traceId);
  };
}
