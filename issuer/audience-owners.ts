import { audienceOwner } from "../identity/audience.ts";
import { Groups } from "../identity/groups.ts";
import type { ProtectedResource } from "../identity/protected-resource.ts";
import type { Scope } from "../identity/scope.ts";
import type { Store, StoreChange } from "../kube/store.ts";
import { audiencesOf, isUsableResource, type StoredResource, type UnusableResource } from "../kube/stored-resource.ts";

/** By canonical audience. An audience has one owner, so it is in one of the two maps at most. */
export interface AudienceOwners {
  readonly usable: ReadonlyMap<string, ProtectedResource>;
  /** Nobody gets a token for these until the owner is corrected or deleted. */
  readonly unusable: ReadonlyMap<string, UnusableResource>;
  /** The audiences that the resources of a namespace register. */
  readonly inNamespace: (namespace: string) => Iterable<string>;
  /** The audiences that a resource registers. */
  readonly ofResource: (resource: Scope) => Iterable<string>;
}

/**
 * Which resource owns each audience, as `audienceOwners` would compute it, kept up to date by events: one event looks
 * at the resources that register the same audiences, and a request looks at none.
 */
export function watchAudienceOwners(store: Store<StoredResource>, index: string): AudienceOwners {
  const usable = new Map<string, ProtectedResource>();
  const unusable = new Map<string, UnusableResource>();
  const registered = new Map<string, readonly string[]>();
  const byNamespace = new Groups<readonly string[]>();

  const settle = (audience: string): void => {
    usable.delete(audience);
    unusable.delete(audience);
    const owner = audienceOwner(audience, store.by(index, audience));
    if (owner === undefined) return;
    if (isUsableResource(owner)) usable.set(audience, owner);
    else unusable.set(audience, owner);
  };
  store.subscribe((change: StoreChange<StoredResource>) => {
    const { uid, namespace, name } = change.object.metadata;
    const before = registered.get(uid) ?? [];
    const now = change.type === "delete" ? [] : audiencesOf(change.object);
    if (now.length === 0) registered.delete(uid);
    else registered.set(uid, now);
    if (now.length === 0) byNamespace.delete(namespace, name);
    else byNamespace.put(namespace, name, now);
    for (const audience of new Set([...before, ...now])) settle(audience);
  });
  return {
    usable,
    unusable,
    *inNamespace(namespace) {
      for (const audiences of byNamespace.of(namespace)) yield* audiences;
    },
    ofResource(scope) {
      const [, , namespace = "", , name = ""] = scope.split("/");
      return byNamespace.all.get(namespace)?.get(name) ?? [];
    },
  };
}
