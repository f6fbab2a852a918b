import { isDnsLabel, isDnsSubdomain } from "./dns-name.ts";
import { isSubresource } from "./subresource.ts";

declare const brand: unique symbol;
/**
 * Where a role holds: `/`, `/namespaces/NS`, `/namespaces/NS/resources/NAME`, or something below a resource, such as
 * `/namespaces/NS/resources/NAME/secrets/db-password`. Only `parseScope` and the makers below make one.
 */
export type Scope = string & { readonly [brand]: "Scope" };

export const clusterScope = "/" as Scope;
export const namespaceScope = (namespace: string): Scope => `/namespaces/${namespace}` as Scope;
export const resourceScope = (namespace: string, resource: string): Scope =>
  `/namespaces/${namespace}/resources/${resource}` as Scope;
/** `subresource` is one that `isSubresource` takes. */
export const subresourceScope = (namespace: string, resource: string, subresource: string): Scope =>
  `${resourceScope(namespace, resource)}/${subresource}` as Scope;

/** A scope in its one canonical spelling; anything else (`..`, `//`, a trailing slash, upper case, look-alikes) is not a scope. */
export function parseScope(text: string): Scope | undefined {
  if (text === clusterScope) return clusterScope;
  const [root, namespaces, namespace, resources, resource, ...rest] = text.split("/");
  if (root !== "" || namespaces !== "namespaces" || namespace === undefined || !isDnsLabel(namespace)) return undefined;
  if (resources === undefined) return namespaceScope(namespace);
  if (resources !== "resources" || resource === undefined || !isDnsSubdomain(resource)) return undefined;
  if (rest.length === 0) return resourceScope(namespace, resource);
  const subresource = rest.join("/");
  return isSubresource(subresource) ? subresourceScope(namespace, resource, subresource) : undefined;
}

/** The namespace that a scope lies in; none (undefined) for the whole cluster. */
export const namespaceOf = (scope: Scope): string | undefined => scope.split("/")[2];

/** A wider scope contains the narrower, and each contains itself: a partial order. */
export function scopeContains(outer: Scope, inner: Scope): boolean {
  if (outer === inner || outer === clusterScope) return true;
  return inner.startsWith(outer) && inner.charAt(outer.length) === "/";
}

/** The scope itself and all that contain it, from the narrowest to the whole cluster. */
export function enclosingScopes(scope: Scope): Scope[] {
  const scopes: Scope[] = [];
  for (let at = scope; at !== clusterScope && at !== ""; at = withoutLastPair(at)) scopes.push(at);
  return [...scopes, clusterScope];
}

/** A scope is a path of pairs, a kind and a name, so the next wider one is a pair shorter. */
function withoutLastPair(scope: Scope): Scope {
  return scope.slice(0, scope.lastIndexOf("/", scope.lastIndexOf("/") - 1)) as Scope;
}

/** The resource that a scope is or is part of; undefined for a namespace and the whole cluster. */
export function resourceOf(scope: Scope): Scope | undefined {
  const [, , namespace, , resource] = scope.split("/");
  return namespace === undefined || resource === undefined ? undefined : resourceScope(namespace, resource);
}
