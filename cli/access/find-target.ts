import { canonicalAudience } from "../../identity/audience.ts";
import { didYouMean } from "../../identity/nearest-name.ts";
import type { Refusal } from "../../identity/reasons.ts";
import { resourceScope, type Scope, subresourceScope } from "../../identity/scope.ts";
import type { KubeApi } from "../../kube/api.ts";
import { type Kind, type KubeObject, keyText, type ObjectKey } from "../../kube/kind.ts";
import { namespaces } from "../../kube/kinds.ts";
import { isStatus } from "../../kube/status-error.ts";
import { audiencesOf, resourceUnusable, storedResources } from "../../kube/stored-resource.ts";
import { find, listReadable, unreadNotes } from "../cluster/readable.ts";
import type { ApiRequest } from "../cluster/request-error.ts";
import type { Session } from "../cluster/session.ts";
import { UsageError } from "../usage-error.ts";
import { type Audiences, readAudiences, spelled } from "./read-audiences.ts";
import { placeOf } from "./scope-place.ts";
import { parseTargetReference, type TargetReference } from "./target-reference.ts";

/** What is to be accessed. */
export interface Target {
  readonly scope: Scope;
  /** The audience that a token for it has, where it was named by one. */
  readonly audience?: string;
  /** Why nobody can access it, whatever roles there are. */
  readonly refusal?: Refusal;
  /** Says that there is no such place yet. */
  readonly missing?: string;
  readonly notes: readonly string[];
  /** Says what could not be read. */
  readonly incomplete: readonly string[];
  /** What could not be read; without it, the audience may be that of another target. */
  readonly unread: readonly ApiRequest[];
}

const certain = { incomplete: [], unread: [] } as const;

type Asking = Pick<Session, "api" | "namespace">;

/** What a person named. Throws a UsageError, with what was most likely meant, when there is no such target. */
export async function findTarget(text: string, session: Asking): Promise<Target> {
  const reference = parseTargetReference(text, session.namespace);
  switch (reference.by) {
    case "scope":
      return atScope(reference.scope, session);
    case "audience":
      return withAudience(reference.audience, await readAudiences(session));
    case "name":
      return withName(reference, session);
  }
}

/** A role may be given at a scope before there is anything in it, so this is no mistake yet. */
async function atScope(scope: Scope, { api }: Asking): Promise<Target> {
  const missing = await missingAt(scope, api);
  return missing === undefined ? { scope, ...certain, notes: [] } : { scope, missing, ...certain, notes: [missing] };
}

async function missingAt(scope: Scope, api: KubeApi): Promise<string | undefined> {
  const { namespace, resource: name } = placeOf(scope);
  if (namespace === undefined) return undefined;
  if (await isMissing(api, namespaces, { name: namespace })) {
    const { items } = await listReadable(api, namespaces);
    return `There is no namespace ${namespace} yet.${didYouMean(
      namespace,
      items.map(({ metadata }) => metadata.name),
    )}`;
  }
  if (name === undefined || (await find(api, storedResources, { namespace, name })) !== undefined) return undefined;
  const { items } = await listReadable(api, storedResources, { namespace });
  return `There is no ProtectedResource ${namespace}/${name} yet.${didYouMean(
    name,
    items.map(({ metadata }) => metadata.name),
  )}`;
}

/** False where this person may not see it. */
async function isMissing<T extends KubeObject>(api: KubeApi, kind: Kind<T>, key: ObjectKey): Promise<boolean> {
  try {
    return (await find(api, kind, key)) === undefined;
  } catch (error) {
    if (isStatus(error, "Forbidden")) return false;
    throw error;
  }
}

async function withName(reference: Extract<TargetReference, { by: "name" }>, session: Asking): Promise<Target> {
  const { namespace, name, subresource, audience } = reference;
  const resource = await find(session.api, storedResources, { namespace, name });
  if (resource === undefined) return withAudience(audience, await readAudiences(session), { namespace, name });
  const scope =
    subresource === undefined ? resourceScope(namespace, name) : subresourceScope(namespace, name, subresource);
  return { scope, ...certain, notes: [] };
}

function withAudience(audience: string, audiences: Audiences, meant?: ObjectKey): Target {
  const { unread } = audiences;
  const incomplete = unreadNotes(
    unread,
    "a resource of another namespace may own this audience (one that is named by NAMESPACE/NAME is certain)",
  );
  const { usable, unusable } = audiences.owners;
  const broken = unusable.get(canonicalAudience(audience));
  const owner = usable.get(canonicalAudience(audience)) ?? broken;
  if (owner === undefined) throw new UsageError([...incomplete, notFound(audience, audiences, meant)].join("\n"));
  const { namespace, name } = owner.metadata;
  const refusal = broken === undefined ? {} : { refusal: resourceUnusable(broken) };
  return {
    scope: resourceScope(namespace, name),
    audience: spelled(audience, audiences),
    notes: [],
    ...{ incomplete, unread, ...refusal },
  };
}

function notFound(audience: string, { resources }: Audiences, meant: ObjectKey | undefined): string {
  if (meant === undefined) {
    const known = resources.flatMap(audiencesOf);
    return `no ProtectedResource registers the audience ${audience}.${didYouMean(audience, known)}`;
  }
  const known = resources.map(({ metadata }) => keyText(metadata));
  return `there is no ProtectedResource ${keyText(meant)}.${didYouMean(keyText(meant), known)}`;
}
