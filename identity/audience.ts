import type { ObjectMeta } from "./object-meta.ts";
import type { ProtectedResource } from "./protected-resource.ts";

/**
 * The spelling that audiences are compared in. Some clients add a slash at the end, so that two audiences which differ
 * only there are one; otherwise a tenant could register the other spelling of somebody else's.
 */
export function canonicalAudience(audience: string): string {
  let end = audience.length;
  while (audience[end - 1] === "/") end -= 1;
  return audience.slice(0, end);
}

/** Whether two spellings name one audience. */
export function isSameAudience(one: string, other: string): boolean {
  return canonicalAudience(one) === canonicalAudience(other);
}

/** Which resource owns each audience, by canonical spelling. The older object wins; at the same second, the smaller UID. */
export function audienceOwners(resources: Iterable<ProtectedResource>): Map<string, ProtectedResource> {
  const owners = new Map<string, ProtectedResource>();
  for (const resource of resources) {
    for (const audience of resource.spec.audiences) {
      const key = canonicalAudience(audience);
      const owner = owners.get(key);
      if (owner === undefined || isOlder(resource, owner)) owners.set(key, resource);
    }
  }
  return owners;
}

type Aged = { readonly metadata: Pick<ObjectMeta, "creationTimestamp" | "uid"> };

export function isOlder(one: Aged, other: Aged): boolean {
  const [a, b] = [one.metadata, other.metadata];
  const [aTime, bTime] = [Date.parse(a.creationTimestamp), Date.parse(b.creationTimestamp)];
  return aTime === bTime ? a.uid < b.uid : aTime < bTime;
}

/** The audience as its owner wrote it, which is what the target compares `aud` with. */
export function registeredSpelling(owner: ProtectedResource, asked: string): string {
  if (owner.spec.audiences.includes(asked)) return asked;
  const key = canonicalAudience(asked);
  return owner.spec.audiences.find((audience) => canonicalAudience(audience) === key) ?? asked;
}
