import type { ManagedIdentity } from "../../identity/managed-identity.ts";
import { controllerChain } from "../../issuer/controller-chain.ts";
import { type NamedPod, namedPod } from "../../issuer/evaluation/named-pod.ts";
import { podHasEnded } from "../../issuer/pod-liveness.ts";
import { podRequestFacts } from "../../issuer/pod-request-facts.ts";
import type { Pod } from "../../kube/core-objects.ts";
import { keyText } from "../../kube/kind.ts";
import { pods } from "../../kube/kinds.ts";
import { readNamespaceUid } from "../cluster/namespace-uid.ts";
import { find } from "../cluster/readable.ts";
import type { Session } from "../cluster/session.ts";
import { parseNamespacedName } from "../namespaced-name.ts";
import { UsageError } from "../usage-error.ts";
import { findWorkload, parseWorkloadName } from "./find-workload.ts";
import { ownerReader } from "./owner-reader.ts";
import { tenantOf } from "./tenant-of.ts";

type Asking = Pick<Session, "api" | "customKind" | "namespace" | "clock">;

/**
 * A pod that would ask as an identity, as the issuer would see it: its facts, and whether it may use that identity.
 * Named by itself, or `NAMESPACE/KIND/NAME` for any running pod of a workload, as `kubectl exec` takes it.
 */
export async function askingPod(text: string, identity: ManagedIdentity, session: Asking): Promise<NamedPod> {
  const { clock } = session;
  const pod = text.split("/").length === 3 ? await podOfWorkload(text, session) : await podNamed(text, session);
  const { namespace, name } = pod.metadata;
  const cluster = {
    ...(await readNamespaceUid(session.api, namespace)),
    podNamed: () => pod,
    podFacts: async () => podRequestFacts(pod),
    controllerChain: () => controllerChain(pod, ownerReader(session)),
    now: () => clock.now(),
  };
  const named = await namedPod(
    { asked: { context: { pod: { namespace, name } } }, identity },
    cluster,
    tenantOf(identity),
  );
  if (named === undefined) throw new TypeError("a pod was named");
  return named;
}

async function podNamed(text: string, { api, namespace }: Asking): Promise<Pod> {
  const key = parseNamespacedName(text, namespace);
  const pod = await find(api, pods, key);
  if (pod === undefined) throw new UsageError(`there is no pod ${keyText(key)}.`);
  return pod;
}

async function podOfWorkload(text: string, session: Asking): Promise<Pod> {
  const { api, namespace, clock } = session;
  const name = parseWorkloadName(text, namespace);
  const { workload } = await findWorkload(name, session);
  const { items } = await api.list(pods, { namespace: name.namespace });
  for (const pod of items.filter((each) => !podHasEnded(each, clock.now()))) {
    const chain = await controllerChain(pod, ownerReader(session));
    if (chain.has(workload.metadata.uid)) return pod;
  }
  throw new UsageError(`${name.kind} ${name.namespace}/${name.name} has no running pod.`);
}
