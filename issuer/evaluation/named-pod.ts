import type { TenantId } from "../../identity/ids.ts";
import type { ManagedIdentity } from "../../identity/managed-identity.ts";
import type { PodRequestFacts } from "../../identity/request-facts.ts";
import type { ClusterState } from "../cluster-state.ts";
import { boundIdentity } from "../pod-identities.ts";
import { podHasEnded } from "../pod-liveness.ts";
import { podRequestFacts } from "../pod-request-facts.ts";
import type { EvaluationRequest } from "./evaluation-request.ts";

/** The pod that a question names as the one that asks for something. */
export interface NamedPod {
  /** `NAMESPACE/NAME`. */
  readonly name: string;
  readonly facts: PodRequestFacts | undefined;
  /** Whether it may use the identity that is asked about; not when there is no such pod, another has its name now, or it has ended. */
  readonly mayUseIdentity: boolean;
}

type Cluster = Pick<ClusterState, "podNamed" | "controllerChain" | "now">;

interface Asked {
  readonly asked: Pick<EvaluationRequest, "context">;
  readonly identity: ManagedIdentity | undefined;
}

/** The caller says which pod it is, and the API how that pod is: labels that a caller tells would be anybody's to choose. */
export async function namedPod(
  { asked: { context }, identity }: Asked,
  cluster: Cluster,
  tenant: TenantId,
): Promise<NamedPod | undefined> {
  if (context?.pod === undefined) return undefined;
  const { namespace, name, uid } = context.pod;
  const pod = cluster.podNamed({ namespace, name });
  const isMeant = pod !== undefined && (uid === undefined || uid === pod.metadata.uid);
  if (!isMeant || podHasEnded(pod, cluster.now())) {
    return { name: `${namespace}/${name}`, facts: undefined, mayUseIdentity: false };
  }
  const bound = await boundIdentity(pod, identity, cluster, tenant);
  return { name: `${namespace}/${name}`, facts: podRequestFacts(pod), mayUseIdentity: bound !== undefined };
}
