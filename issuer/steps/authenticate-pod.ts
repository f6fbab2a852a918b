import type { PodIdentity } from "../../identity/claims.ts";
import type { Clock } from "../../kube/clock.ts";
import type { Pod } from "../../kube/core-objects.ts";
import type { AuditNotes } from "../audit.ts";
import type { ClusterState } from "../cluster-state.ts";
import { Refused } from "../endpoint.ts";
import type { HttpRequest } from "../http-message.ts";
import { podLiveness } from "../pod-liveness.ts";
import type { VerifySubjectToken } from "../subject-token.ts";
import type { TokenRequest } from "./token-request.ts";

interface Context {
  readonly request: Pick<HttpRequest, "sourceAddress">;
  readonly asked: Pick<TokenRequest, "subjectToken">;
  readonly notes: AuditNotes;
}

export interface AuthenticatedPod {
  /** As the token says and the API confirms. */
  readonly caller: PodIdentity;
  readonly pod: Pod;
}

export interface PodAuthentication {
  readonly verify: VerifySubjectToken;
  readonly cluster: Pick<ClusterState, "pods" | "serviceAccounts">;
  readonly clock: Clock;
}

/** Believes a token that the cluster signed for a pod which is alive now; the second is asked each time. */
export function authenticatePod({ verify, cluster, clock }: PodAuthentication) {
  return async ({ request, asked, notes }: Context): Promise<AuthenticatedPod | Refused> => {
    const result = await verify(asked.subjectToken, request.sourceAddress);
    if (result.kind === "refused") return new Refused(result.refusal, result.retryAfterSeconds);
    notePod(notes, result.pod);
    const liveness = await podLiveness(result.pod, cluster, clock.now());
    if (liveness.kind === "refused") return new Refused(liveness.refusal);
    return { caller: result.pod, pod: liveness.pod };
  };
}

export function notePod(notes: AuditNotes, { namespace, pod, serviceAccount, node }: PodIdentity): void {
  notes.pod = { namespace, ...pod };
  notes.serviceAccount = serviceAccount.name;
  if (node !== undefined) notes.node = node;
}
