import type { PrincipalId } from "../../identity/ids.ts";
import { type Finding, findings } from "../../identity/reasons.ts";
import type { AnyRoleAssignment } from "../../identity/role-assignment.ts";
import { principalGone, principalNotFound } from "./conditions.ts";
import { principalReference } from "./principal-reference.ts";

/** What became of a name: found, or missing among the names that there are. */
export type Lookup<T> =
  | { readonly kind: "found"; readonly value: T }
  | { readonly kind: "missing"; readonly known: readonly string[] };

export interface Observed {
  readonly assignment: AnyRoleAssignment;
  /** The identity that has the name now; one that is being deleted is gone. */
  readonly principal: Lookup<PrincipalId>;
  readonly role: Lookup<string> | { readonly kind: "unusable" };
  /** The resource that spec.resource names; undefined when the assignment names none. */
  readonly resource: Lookup<string> | undefined;
}

export function foundValue<T>(lookup: Lookup<T>): T | undefined {
  return lookup.kind === "found" ? lookup.value : undefined;
}

/** The first thing that keeps the assignment from being in force; undefined when nothing does. */
export function firstFinding(observed: Observed, now: Date): Finding | undefined {
  return principal(observed) ?? role(observed) ?? resource(observed) ?? expiry(observed, now);
}

function principal({ assignment, principal }: Observed): Finding | undefined {
  const reference = principalReference(assignment);
  const pinned = assignment.status?.principalId;
  const current = foundValue(principal);
  if (pinned !== undefined) return pinned === current ? undefined : principalGone(reference, pinned, current);
  return principal.kind === "missing" ? principalNotFound(reference, principal.known) : undefined;
}

function role({ assignment, role }: Observed): Finding | undefined {
  const { roleDefinition } = assignment.spec;
  if (role.kind === "missing") return findings.RoleNotFound(roleDefinition, role.known);
  if (role.kind === "found") return undefined;
  return findings.Invalid(`RoleDefinition ${roleDefinition} cannot be used: see its status, and correct it.`);
}

function resource({ assignment, resource }: Observed): Finding | undefined {
  if (assignment.kind !== "RoleAssignment" || resource?.kind !== "missing") return undefined;
  return findings.ResourceNotFound(assignment.spec.resource ?? "", resource.known);
}

function expiry({ assignment }: Observed, now: Date): Finding | undefined {
  const { expiresAt } = assignment.spec;
  return expiresAt !== undefined && Date.parse(expiresAt) <= now.getTime() ? findings.Expired(expiresAt) : undefined;
}
