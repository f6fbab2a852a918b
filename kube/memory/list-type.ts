/**
 * How the items of a list belong together when several managers apply it.
 * https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy
 */
type ListType =
  /** One manager owns the whole list. */
  | { readonly type: "atomic" }
  /** Each item, a scalar, is owned by itself. */
  | { readonly type: "set" }
  /** Each item is an object that this field names. */
  | { readonly type: "map"; readonly key: string };

const ATOMIC: ListType = { type: "atomic" };

/** Those of the kinds that Lanyard has; none of these paths means something else in another kind. */
const others: ReadonlyMap<string, ListType> = new Map<string, ListType>([
  ["metadata.finalizers", { type: "set" }],
  ["metadata.ownerReferences", { type: "map", key: "uid" }],
  ["spec.audiences", { type: "set" }],
  ["status.conditions", { type: "map", key: "type" }],
  ["webhooks", { type: "map", key: "name" }],
]);

/** The type of the list at a path of field names; the API server reads it from the schema, and atomic is its default. */
export function listType(path: readonly string[]): ListType {
  return others.get(path.join(".")) ?? ATOMIC;
}
