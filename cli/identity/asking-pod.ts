import type { ManagedIdentity } from "../../identity/managed-identity.ts";
import { controllerChain } from "../../issuer/controller-chain.ts";
import { type NamedPod, namedPod } from "../../issuer/evaluation/named-pod.ts";
import { keyText } from "../../kube/kind.ts";
import { pods } from "../../kube/kinds.ts";
import { find } from "../cluster/readable.ts";
import type { Session } from "../cluster/session.ts";
import { parseNamespacedName } from "../namespaced-name.ts";
import { UsageError } from "../usage-error.ts";
import { ownerReader } from "./owner-reader.ts";
import { tenantOf } from "./tenant-of.ts";

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
