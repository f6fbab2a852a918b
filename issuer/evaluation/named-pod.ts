import type { PrincipalId, TenantId } from "../../identity/ids.ts";
import type { PodRequestFacts } from "../../identity/request-facts.ts";
import type { ClusterState } from "../cluster-state.ts";
import { podIdentities } from "../pod-identities.ts";
import { podHasEnded } from "../pod-liveness.ts";
import { podRequestFacts } from "../pod-request-facts.ts";
import type { EvaluationRequest } from "./evaluation-request.ts";

/** The pod that a question names as the one that asks for something. */
export interface NamedPod {
  /** `NAMESPACE/NAME`. */
  readonly name: string;
  readonly facts: PodRequestFacts | undefined;
  /** The identities that it may use now; none when there is no such pod, another has its name now, or it has ended. */
  readonly principals: ReadonlySet<PrincipalId>;
}

type Cluster = Pick<ClusterState, "podNamed" | "controllerChain" | "identitiesNaming" | "now">;

/** The caller says which pod it is, and the API how that pod is: labels that a caller tells would be anybody's to choose. */
export async function namedPod(
  { context }: Pick<EvaluationRequest, "context">,
  cluster: Cluster,
  tenant: TenantId,
): Promise<NamedPod | undefined> {
  if (context?.pod === undefined) return undefined;
  const { namespace, name, uid } = context.pod;
  const pod = cluster.podNamed({ namespace, name });
  const isMeant = pod !== undefined && (uid === undefined || uid === pod.metadata.uid);
  if (!isMeant || podHasEnded(pod, cluster.now())) {
    return { name: `${namespace}/${name}`, facts: undefined, principals: new Set() };
  }
  const { usable } = await podIdentities(pod, cluster, tenant);
  const principals = new Set(usable.map(({ principalId }) => principalId));
  return { name: `${namespace}/${name}`, facts: podRequestFacts(pod), principals };
}
