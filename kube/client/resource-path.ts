import type { ListOptions } from "../api.ts";
import type { Kind, ObjectKey } from "../kind.ts";
import { StatusError } from "../status-error.ts";

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** The path of a kind's objects, in a namespace or everywhere. https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris */
export function collectionPath({ apiVersion, plural, namespaced }: Kind, namespace?: string): string {
  const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  if (!namespaced || namespace === undefined) return `${root}/${plural}`;
  return `${root}/namespaces/${segment(namespace)}/${plural}`;
}

export function objectPath(kind: Kind, { namespace, name }: ObjectKey): string {
  if (kind.namespaced && namespace === undefined)
    throw new StatusError(
      "BadRequest",
      `A ${kind.kind} is in a namespace, and ${JSON.stringify(name)} was given none.`,
    );
  return `${collectionPath(kind, namespace)}/${segment(name)}`;
}

/** What a list and a watch both say of the objects that they are about. */
export function selectionQuery({ name }: ListOptions): Query {
  return { fieldSelector: name === undefined ? undefined : `metadata.name=${name}` };
}

export function withQuery(path: string, query: Query): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text === "" ? path : `${path}?${text}`;
}

/** An empty name would make the path that of all objects, and a delete of one a delete of all; dots would climb. */
function segment(name: string): string {
  if (name === "" || name === "." || name === "..")
    throw new StatusError("BadRequest", `${JSON.stringify(name)} is no name of an object.`);
  return encodeURIComponent(name);
}
