import type { Scope } from "../../identity/scope.ts";
import { placeOf } from "./scope-place.ts";

/** Where a role that is given at `given` comes from for whoever looks at `at`: "here", or from a wider scope or a narrower one. */
export function inheritedFrom(given: Scope, at: Scope): string {
  return given === at ? "here" : placeText(given);
}

/** A scope in words: `the cluster`, `namespace payments`, `payments/payments-vault`, `payments/payments-vault/secrets/db`. */
export function placeText(scope: Scope): string {
  const { namespace, resource, subresource } = placeOf(scope);
  if (namespace === undefined) return "the cluster";
  if (resource === undefined) return `namespace ${namespace}`;
  return [namespace, resource, ...(subresource === undefined ? [] : [subresource])].join("/");
}
