import type { ObjectMeta } from "./object-meta.ts";
import type { ProtectedResource } from "./protected-resource.ts";
import { serviceNamespaceOf } from "./service-audience.ts";

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

/** A resource that names audiences. */
export interface Claimant {
  readonly metadata: Pick<ObjectMeta, "creationTimestamp" | "uid"> & { readonly namespace: string };
  /** `audiences`: those that the operator wrote down as its own. */
  readonly status?: { readonly audiences?: readonly string[] | undefined } | undefined;
}

/**
 * Which of the resources that name an audience owns it. An audience of a Service always belongs to the Service's own
 * namespace. Otherwise the present owner, as its status says, keeps the audience while it names it. Where there is no
 * present owner, the oldest gets it; at the same second, the one with the smaller UID.
 */
export function audienceOwner<T extends Claimant>(audience: string, claimants: readonly T[]): T | undefined {
  const key = canonicalAudience(audience);
  const namespace = serviceNamespaceOf(key);
  const entitled =
    namespace === undefined ? claimants : claimants.filter(({ metadata }) => metadata.namespace === namespace);
  const holders = entitled.filter(({ status }) => status?.audiences?.some((held) => canonicalAudience(held) === key));
  return oldest(holders.length === 0 ? entitled : holders);
}

function oldest<T extends Claimant>(resources: readonly T[]): T | undefined {
  return resources.reduce<T | undefined>(
    (owner, resource) => (owner === undefined || isOlder(resource, owner) ? resource : owner),
    undefined,
  );
}

/** Which resource owns each audience, by canonical spelling. */
export function audienceOwners<T extends Claimant>(
  resources: Iterable<T>,
  audiencesOf: (resource: T) => Iterable<string>,
): Map<string, T> {
  const claimants = new Map<string, T[]>();
  for (const resource of resources) {
    for (const key of new Set([...audiencesOf(resource)].map(canonicalAudience))) {
      const others = claimants.get(key);
      if (others === undefined) claimants.set(key, [resource]);
      else others.push(resource);
    }
  }
  const owners = new Map<string, T>();
  for (const [key, claiming] of claimants) {
    const owner = audienceOwner(key, claiming);
    if (owner !== undefined) owners.set(key, owner);
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
