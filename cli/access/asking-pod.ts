import { tenantId } from "../../identity/ids.ts";
import type { ManagedIdentity } from "../../identity/managed-identity.ts";
import { controllerChain, type ReadOwner } from "../../issuer/controller-chain.ts";
import { type NamedPod, namedPod } from "../../issuer/evaluation/named-pod.ts";
import { type KubeObject, keyText } from "../../kube/kind.ts";
import { pods, workloads } from "../../kube/kinds.ts";
import { find } from "../cluster/readable.ts";
import type { Session } from "../cluster/session.ts";
import { parseNamespacedName } from "../namespaced-name.ts";
import { UsageError } from "../usage-error.ts";

type Asking = Pick<Session, "api" | "namespace" | "clock">;

/** A pod that would ask as an identity, as the issuer would see it: its facts, and whether it may use that identity. */
export async function askingPod(name: string, identity: ManagedIdentity, session: Asking): Promise<NamedPod> {
  const { api, clock } = session;
  const key = parseNamespacedName(name, session.namespace);
  const pod = await find(api, pods, key);
  if (pod === undefined) throw new UsageError(`there is no pod ${keyText(key)}.`);
  const cluster = {
    podNamed: () => pod,
    controllerChain: () => controllerChain(pod, ownerReader(session)),
    identitiesNaming: () => [identity],
    now: () => clock.now(),
  };
  const named = await namedPod({ context: { pod: key } }, cluster, tenantOf(identity));
  if (named === undefined) throw new TypeError("a pod was named");
  return named;
}

/** For client ids, of which nothing is asked here, so that any id does where the operator has not written the tenant's. */
const tenantOf = ({ metadata, status }: ManagedIdentity) => tenantId(status?.tenantId ?? metadata.uid);

export function ownerReader({ api }: Pick<Session, "api">): ReadOwner {
  const kinds = Object.values(workloads);
  return async ({ apiVersion, kind, name }, namespace) => {
    const known = kinds.find((each) => each.kind === kind && each.apiVersion === apiVersion);
    return known && find<KubeObject>(api, known, { namespace, name });
  };
}
