import type { ManagedIdentity } from "../../identity/managed-identity.ts";
import { controllerChain } from "../../issuer/controller-chain.ts";
import { boundIdentity } from "../../issuer/pod-identities.ts";
import { podHasEnded } from "../../issuer/pod-liveness.ts";
import type { Pod } from "../../kube/core-objects.ts";
import { pods } from "../../kube/kinds.ts";
import { requestedResource } from "../cluster/missing-right.ts";
import { readNamespaceUid } from "../cluster/namespace-uid.ts";
import { listReadable, type Readable } from "../cluster/readable.ts";
import type { ApiRequest } from "../cluster/request-error.ts";
import type { Session } from "../cluster/session.ts";
import { ownerReader } from "./owner-reader.ts";
import { tenantOf } from "./tenant-of.ts";

/** The running pods that may use an identity now, by the issuer's own rule. */
export async function podsUsing(identity: ManagedIdentity, session: Session): Promise<Readable<Pod>> {
  const lists = await Promise.all(
    [...namespacesOf(identity)].map((namespace) => listReadable(session.api, pods, { namespace })),
  );
  const running = lists.flatMap(({ items }) => items).filter((pod) => !podHasEnded(pod, session.clock.now()));
  const unreadOwners = new Map<string, ApiRequest>();
  const onUnread = (request: ApiRequest): void => void unreadOwners.set(requestedResource(request), request);
  const may = await Promise.all(running.map((pod) => mayUse(pod, identity, { ...session, onUnread })));
  return {
    items: running.filter((_, at) => may[at]),
    unread: [...lists.flatMap(({ unread }) => unread), ...unreadOwners.values()],
  };
}

function namespacesOf({ metadata, spec }: ManagedIdentity): ReadonlySet<string> {
  const foreign = (spec.subjects ?? []).map(({ namespace }) => namespace ?? metadata.namespace);
  return new Set(spec.workload === undefined ? foreign : [metadata.namespace]);
}

interface Asking extends Session {
  readonly onUnread: (request: ApiRequest) => void;
}

async function mayUse(pod: Pod, identity: ManagedIdentity, session: Asking): Promise<boolean> {
  const needsChain = identity.spec.workload !== undefined;
  const isForeign = pod.metadata.namespace !== identity.metadata.namespace;
  const cluster = {
    // Consent is to another namespace: only then its UID counts.
    ...(isForeign ? await readNamespaceUid(session.api, pod.metadata.namespace) : {}),
    controllerChain: async () =>
      needsChain ? controllerChain(pod, ownerReader(session, session.onUnread)) : new Set<string>(),
  };
  return (await boundIdentity(pod, identity, cluster, tenantOf(identity))) !== undefined;
}
