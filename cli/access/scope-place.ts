import type { Scope } from "../../identity/scope.ts";

/** A scope taken apart into what an assignment writes: nothing of it is there for the whole cluster. */
export interface ScopePlace {
  readonly namespace?: string | undefined;
  /** Name of a ProtectedResource. */
  readonly resource?: string | undefined;
  /** A part of the resource, such as `secrets/db-password`. */
  readonly subresource?: string | undefined;
}

export function placeOf(scope: Scope): ScopePlace {
  const [, , namespace, , resource, ...part] = scope.split("/");
  return { namespace, resource, subresource: part.length === 0 ? undefined : part.join("/") };
}
