import { isDnsLabel, isDnsSubdomain } from "./dns-name.ts";

declare const brand: unique symbol;
/** Where a role holds: `/`, `/namespaces/NS` or `/namespaces/NS/resources/NAME`. Only `parseScope` and the makers below make one. */
export type Scope = string & { readonly [brand]: "Scope" };

export const clusterScope = "/" as Scope;
export const namespaceScope = (namespace: string): Scope => `/namespaces/${namespace}` as Scope;
export const resourceScope = (namespace: string, resource: string): Scope =>
  `/namespaces/${namespace}/resources/${resource}` as Scope;

/** A scope in its one canonical spelling; anything else (`..`, `//`, a trailing slash, upper case, look-alikes) is not a scope. */
export function parseScope(text: string): Scope | undefined {
  if (text === clusterScope) return clusterScope;
  const [root, namespaces, namespace, resources, resource, ...rest] = text.split("/");
  if (root !== "" || namespaces !== "namespaces" || namespace === undefined || !isDnsLabel(namespace)) return undefined;
  if (resources === undefined) return namespaceScope(namespace);
  if (resources !== "resources" || resource === undefined || !isDnsSubdomain(resource) || rest.length > 0) {
    return undefined;
  }
  return resourceScope(namespace, resource);
}

/** The namespace that a scope lies in; none (undefined) for the whole cluster. */
export const namespaceOf = (scope: Scope): string | undefined => scope.split("/")[2];

/** A wider scope contains the narrower, and each contains itself: a partial order. */
export function scopeContains(outer: Scope, inner: Scope): boolean {
  return outer === inner || outer === clusterScope || inner.startsWith(`${outer}/`);
}
