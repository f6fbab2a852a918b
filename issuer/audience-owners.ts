import { canonicalAudience, isOlder } from "../identity/audience.ts";
import type { ProtectedResource } from "../identity/protected-resource.ts";
import type { Store, StoreChange } from "../kube/store.ts";

/** The index that the store of resources needs. */
export const byAudience = ({ spec }: ProtectedResource): string[] => [
  ...new Set(spec.audiences.map(canonicalAudience)),
];

/**
 * Which resource owns each audience, as `audienceOwners` would compute it, kept up to date by events: one event looks
 * at the resources that register the same audiences, and a request looks at none.
 */
export function watchAudienceOwners(
  store: Store<ProtectedResource>,
  index: string,
): ReadonlyMap<string, ProtectedResource> {
  const owners = new Map<string, ProtectedResource>();
  const registered = new Map<string, readonly string[]>();

  const settle = (audience: string): void => {
    const owner = oldest(store.by(index, audience));
    if (owner === undefined) owners.delete(audience);
    else owners.set(audience, owner);
  };
  store.subscribe((change: StoreChange<ProtectedResource>) => {
    const { uid } = change.object.metadata;
    const before = registered.get(uid) ?? [];
    const now = change.type === "delete" ? [] : byAudience(change.object);
    if (now.length === 0) registered.delete(uid);
    else registered.set(uid, now);
    for (const audience of new Set([...before, ...now])) settle(audience);
  });
  return owners;
}

function oldest(resources: readonly ProtectedResource[]): ProtectedResource | undefined {
  return resources.reduce<ProtectedResource | undefined>(
    (owner, resource) => (owner === undefined || isOlder(resource, owner) ? resource : owner),
    undefined,
  );
}
