import { canonicalAudience } from "../../identity/audience.ts";
import { didYouMean } from "../../identity/nearest-name.ts";
import type { Refusal } from "../../identity/reasons.ts";
import { resourceScope, type Scope, subresourceScope } from "../../identity/scope.ts";
import { type AudienceOwners, byAudience, watchAudienceOwners } from "../../issuer/audience-owners.ts";
import { resourceUnusable, type StoredResource, storedResources } from "../../issuer/stored-resource.ts";
import { keyText, type ObjectKey } from "../../kube/kind.ts";
import { Store } from "../../kube/store.ts";
import { find, listWidely, unreadNotes } from "../cluster/readable.ts";
import type { Session } from "../cluster/session.ts";
import { UsageError } from "../usage-error.ts";
import { placeOf } from "./scope-place.ts";
import type { TargetReference } from "./target-reference.ts";

/** What is to be accessed. */
export interface Target {
  readonly scope: Scope;
  /** The audience that a token for it would have, where one was named. */
  readonly audience?: string;
  /** Why nobody can access it, whatever roles there are. */
  readonly refusal?: Refusal;
  readonly notes: readonly string[];
}

type Asking = Pick<Session, "api" | "namespace">;

/** Throws a UsageError, with what was most likely meant, when there is no such target. */
export function findTarget(reference: TargetReference, session: Asking): Promise<Target> {
  switch (reference.by) {
    case "scope":
      return atScope(reference.scope, session);
    case "audience":
      return withAudience(reference.audience, session);
    case "name":
      return withName(reference, session);
  }
}

/** A role may be given at a scope before there is anything in it, so this is no mistake yet. */
async function atScope(scope: Scope, { api }: Asking): Promise<Target> {
  const { namespace, resource: name } = placeOf(scope);
  if (name === undefined) return { scope, notes: [] };
  const exists = (await find(api, storedResources, { namespace, name })) !== undefined;
  return { scope, notes: exists ? [] : [`There is no ProtectedResource ${namespace}/${name} yet.`] };
}

async function withName(reference: Extract<TargetReference, { by: "name" }>, session: Asking): Promise<Target> {
  const { namespace, name, subresource, audience } = reference;
  const resource = await find(session.api, storedResources, { namespace, name });
  if (resource === undefined) return withAudience(audience, session, { namespace, name });
  const scope =
    subresource === undefined ? resourceScope(namespace, name) : subresourceScope(namespace, name, subresource);
  return { scope, notes: [] };
}

async function withAudience(audience: string, session: Asking, meant?: ObjectKey): Promise<Target> {
  const { items, unread } = await listWidely(session.api, storedResources, session.namespace);
  const notes = unreadNotes(unread, "a resource of another namespace may own this audience");
  const { usable, unusable } = ownersOf(items);
  const owner = usable.get(canonicalAudience(audience)) ?? unusable.get(canonicalAudience(audience));
  if (owner === undefined) throw new UsageError([notFound(audience, meant, items), ...notes].join("\n"));
  const { namespace, name } = owner.metadata;
  const refusal = "unusable" in owner ? { refusal: resourceUnusable(owner) } : {};
  return { scope: resourceScope(namespace, name), audience, notes, ...refusal };
}

/** By the issuer's own rule of which resource owns an audience. */
function ownersOf(resources: readonly StoredResource[]): AudienceOwners {
  const store = new Store<StoredResource>({ audience: byAudience });
  const owners = watchAudienceOwners(store, "audience");
  store.replace(resources);
  return owners;
}

function notFound(audience: string, meant: ObjectKey | undefined, resources: readonly StoredResource[]): string {
  if (meant === undefined) {
    return `no ProtectedResource registers the audience ${audience}.${didYouMean(audience, resources.flatMap(byAudience))}`;
  }
  const known = resources.map(({ metadata }) => keyText(metadata));
  return `there is no ProtectedResource ${keyText(meant)}.${didYouMean(keyText(meant), known)}`;
}
