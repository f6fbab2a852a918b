import type { QuestionMeter } from "../../identity/condition-judge.ts";
import type { TenantId } from "../../identity/ids.ts";
import type { ManagedIdentity } from "../../identity/managed-identity.ts";
import type { PodRequestFacts } from "../../identity/request-facts.ts";
import type { ClusterState } from "../cluster-state.ts";
import { boundIdentity } from "../pod-identities.ts";
import { podHasEnded } from "../pod-liveness.ts";
import type { EvaluationRequest } from "./evaluation-request.ts";

/** The pod that a question names as the one that asks for something. */
export interface NamedPod {
  /** `NAMESPACE/NAME`. */
  readonly name: string;
  readonly facts: PodRequestFacts | undefined;
  /** Whether it may use the identity that is asked about; not when there is no such pod, another has its name now, or it has ended. */
  readonly mayUseIdentity: boolean;
}

type Cluster = Pick<ClusterState, "podNamed" | "podFacts" | "controllerChain" | "now">;

interface Asked {
  readonly asked: Pick<EvaluationRequest, "context">;
  readonly identity: ManagedIdentity | undefined;
  readonly meter?: QuestionMeter | undefined;
}

/** The caller says which pod it is, and the API how that pod is: labels that a caller tells would be anybody's to choose. */
export async function namedPod(
  { asked: { context }, identity, meter }: Asked,
  cluster: Cluster,
  tenant: TenantId,
): Promise<NamedPod | undefined> {
  if (context?.pod === undefined) return undefined;
  const { namespace, name, uid } = context.pod;
  const pod = cluster.podNamed({ namespace, name });
  const isMeant = pod !== undefined && (uid === undefined || uid === pod.metadata.uid);
  const denied = { name: `${namespace}/${name}`, facts: undefined, mayUseIdentity: false };
  if (!isMeant || podHasEnded(pod, cluster.now())) return denied;
  if ((await boundIdentity(pod, identity, cluster, tenant)) === undefined) return denied;
  const facts = await cluster.podFacts(pod, meter);
  return facts === undefined ? denied : { ...denied, facts, mayUseIdentity: true };
}
