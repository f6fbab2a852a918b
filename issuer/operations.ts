import { refusals } from "../identity/reasons.ts";
import type { ClusterState } from "./cluster-state.ts";
import { Refused } from "./endpoint.ts";
import { type Handler, json } from "./http-message.ts";
import { refusedReply } from "./oauth-error.ts";

/** The process answers. Whether it can decide is another question: a restart would not help. */
export const livez: Handler = () => json(200, { status: "ok" });

export function readyz(cluster: Pick<ClusterState, "tenantId">): Handler {
  return ({ traceId }) =>
    cluster.tenantId() === undefined
      ? refusedReply(new Refused(refusals.NotReady(), 1), traceId)
      : json(200, { status: "ok" });
}
