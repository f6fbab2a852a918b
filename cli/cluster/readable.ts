import type { KubeApi, ListOptions } from "../../kube/api.ts";
import type { Kind, KubeObject, ObjectKey } from "../../kube/kind.ts";
import { isStatus } from "../../kube/status-error.ts";
import { requestedResource, rightToAskFor } from "./missing-right.ts";
import { type ApiRequest, RequestError } from "./request-error.ts";

/** What could be read, and what could not for want of the right: an answer that is not whole says so. */
export interface Readable<T> {
  readonly items: readonly T[];
  readonly unread: readonly ApiRequest[];
}

/** The objects of a kind; none where this person may not list them. */
export async function listReadable<T extends KubeObject>(
  api: KubeApi,
  kind: Kind<T>,
  options: ListOptions = {},
): Promise<Readable<T>> {
  try {
    return { items: (await api.list(kind, options)).items, unread: [] };
  } catch (error) {
    if (!(error instanceof RequestError) || error.reason !== "Forbidden") throw error;
    return { items: [], unread: [error.request] };
  }
}

/** The objects of a kind in all namespaces; for whoever may not list those, the objects of some. */
export async function listWidely<T extends KubeObject>(
  api: KubeApi,
  kind: Kind<T>,
  ...namespaces: readonly string[]
): Promise<Readable<T>> {
  const everywhere = await listReadable(api, kind);
  if (everywhere.unread.length === 0 || !kind.namespaced) return everywhere;
  const there = await Promise.all([...new Set(namespaces)].map((namespace) => listReadable(api, kind, { namespace })));
  return {
    items: there.flatMap(({ items }) => items),
    unread: [everywhere, ...there].flatMap(({ unread }) => unread),
  };
}

/** An object, or undefined where there is none. */
export async function find<T extends KubeObject>(api: KubeApi, kind: Kind<T>, key: ObjectKey): Promise<T | undefined> {
  try {
    return await api.get(kind, key);
  } catch (error) {
    if (isStatus(error, "NotFound")) return undefined;
    throw error;
  }
}

/** Says what is missing from an answer, and how to have it there. */
export function unreadNotes(unread: readonly ApiRequest[], consequence: string): string[] {
  return unread.map(
    (request) =>
      `Not complete: you may not ${request.verb} ${requestedResource(request)}, so ${consequence}.\n${rightToAskFor(request)}`,
  );
}

/** The same for a program. */
export function unreadData(unread: readonly ApiRequest[]): readonly object[] {
  return unread.map(({ verb, kind, namespace }) => ({
    verb,
    resource: kind.plural,
    ...(namespace === undefined ? {} : { namespace }),
  }));
}
