import { type Finding, findings } from "../../identity/findings.ts";
import type { PrincipalId } from "../../identity/ids.ts";
import { hasBegun, hasEnded } from "../../identity/in-force.ts";
import { annotations } from "../../identity/names.ts";
import { namedNamespaceOf } from "../../identity/pinned-namespace.ts";
import { principalReference } from "../../identity/principal-reference.ts";
import type { AnyRoleAssignment } from "../../identity/role-assignment.ts";
import { keyText } from "../../kube/kind.ts";
import { type ObjectName, objectText } from "../object-name.ts";

/** What became of a name: found, or missing among the names that there are. */
export type Lookup<T> =
  | { readonly kind: "found"; readonly value: T }
  | { readonly kind: "missing"; readonly known: readonly string[] };

export interface Observed {
  readonly assignment: AnyRoleAssignment;
  /**
   * The identity that has the name now; one that is being deleted is gone. "leaving" when it goes with its namespace,
   * and was not given the role before: those who were may need it to finish their work.
   */
  readonly principal: Lookup<PrincipalId> | { readonly kind: "leaving"; readonly namespace: string };
  readonly role: Lookup<string> | { readonly kind: "unusable" };
  /** The resource that spec.resource names; undefined when the assignment names none. */
  readonly resource: Lookup<string> | undefined;
  /** UID of the namespace in spec.scope as it is now; undefined when there is none, or the scope names none. */
  readonly namespaceUid?: string | undefined;
  /** The ClusterRole that the principal must be bound to, by another controller, before the assignment has its effect. */
  readonly clusterRole?: string | undefined;
}

export function foundValue<T>(lookup: Lookup<T> | { readonly kind: "leaving" }): T | undefined {
  return lookup.kind === "found" ? lookup.value : undefined;
}

/** The first thing that keeps the assignment from being in force; undefined when nothing does. */
export function firstFinding(observed: Observed, now: Date): Finding | undefined {
  return (
    principal(observed) ??
    namespace(observed) ??
    role(observed) ??
    resource(observed) ??
    period(observed, now.getTime())
  );
}

function principal({ assignment, principal }: Observed): Finding | undefined {
  const reference = principalReference(assignment);
  const pinned = assignment.status?.principalId;
  const current = foundValue(principal);
  if (pinned !== undefined) return pinned === current ? undefined : principalGone(reference, pinned, current);
  if (principal.kind === "leaving") {
    return findings.PrincipalNamespaceTerminating(principalText(reference), principal.namespace);
  }
  if (principal.kind !== "missing") return undefined;
  // The author of the assignment need not know which identities another namespace has.
  const { namespace } = assignment.metadata;
  const mayKnow = namespace === undefined || namespace === reference.namespace;
  return principalNotFound(reference, mayKnow ? principal.known : []);
}

/** `known` are the identities of that namespace, as `NAMESPACE/NAME`: one may be what was meant. */
function principalNotFound(reference: ObjectName, known: readonly string[]): Finding {
  if (reference.kind === "ManagedIdentity") return findings.PrincipalNotFound(keyText(reference), known);
  const workload = `${objectText(reference)}, which annotation ${annotations.systemAssigned}: "true" gives it,`;
  return findings.PrincipalNotFound(`The system-assigned identity of ${workload}`, []);
}

function principalGone(reference: ObjectName, pinned: string, current: string | undefined): Finding {
  const name = principalText(reference);
  return current === undefined
    ? findings.PrincipalDeleted(name, pinned)
    : findings.PrincipalReplaced(name, pinned, current);
}

function principalText(reference: ObjectName): string {
  const text = objectText(reference);
  return reference.kind === "ManagedIdentity" ? text : `The system-assigned identity of ${text}`;
}

function namespace({ assignment, namespaceUid }: Observed): Finding | undefined {
  const pinned = assignment.status?.namespaceUid;
  if (pinned === undefined || namespaceUid === undefined || namespaceUid === pinned) return undefined;
  const remedy =
    "the role does not hold there. Delete this role assignment, and create it again to give the role there.";
  return findings.NamespaceReplaced(namedNamespaceOf(assignment) ?? "", remedy);
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

function period({ assignment }: Observed, now: number): Finding | undefined {
  const { notBefore, expiresAt } = assignment.spec;
  if (expiresAt !== undefined && hasEnded(expiresAt, now)) return findings.Expired(expiresAt);
  return notBefore !== undefined && !hasBegun(notBefore, now) ? findings.NotYetInForce(notBefore) : undefined;
}
