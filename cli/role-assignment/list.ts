import type { ManagedIdentity } from "../../identity/managed-identity.ts";
import { type AnyRoleAssignment, scopeOf } from "../../identity/role-assignment.ts";
import { namespaceScope, type Scope, scopeContains } from "../../identity/scope.ts";
import { clusterRoleAssignments, roleAssignments } from "../../kube/kinds.ts";
import { findTarget } from "../access/find-target.ts";
import { assignmentsAt } from "../access/read-access.ts";
import { listReadable, listWidely, type Readable } from "../cluster/readable.ts";
import type { Session } from "../cluster/session.ts";
import { findIdentity } from "../identity/find-identity.ts";
import { type KnownIdentities, readIdentities } from "../identity/known-identities.ts";
import { isAssignedTo } from "./is-assigned-to.ts";

export interface ListOptions {
  readonly resource?: string;
  readonly assignee?: string;
  readonly allNamespaces?: true;
}

export interface Listing {
  /** The scope that is looked at; undefined where assignments of all scopes are. */
  readonly at: Scope | undefined;
  readonly found: Readable<AnyRoleAssignment>;
  readonly identities: KnownIdentities;
  readonly notes: readonly string[];
}

/** The assignments on a target, of a principal, or all; without a choice those that hold in the person's namespace. */
export async function listAssignments(options: ListOptions, session: Session): Promise<Listing> {
  const [{ at, notes }, identities] = await Promise.all([placeLookedAt(options, session), readIdentities(session)]);
  const identity = options.assignee === undefined ? undefined : await findIdentity(options.assignee, session);
  const all = at === undefined ? await everyAssignment(session, identity) : await around(at, session);
  const found = identity === undefined ? all : ofIdentity(identity, all);
  return { at, found, identities, notes };
}

async function placeLookedAt(
  { resource, assignee, allNamespaces }: ListOptions,
  session: Session,
): Promise<Pick<Listing, "at" | "notes">> {
  if (resource !== undefined) {
    const { scope, notes, incomplete } = await findTarget(resource, session);
    return { at: scope, notes: [...incomplete, ...notes] };
  }
  const everywhere = allNamespaces === true || assignee !== undefined;
  return { at: everywhere ? undefined : namespaceScope(session.namespace), notes: [] };
}

/** Of whoever may not list those of all namespaces: those of the person's own, and of the identity's that is asked about. */
export async function everyAssignment(
  { api, namespace }: Session,
  identity: ManagedIdentity | undefined,
): Promise<Readable<AnyRoleAssignment>> {
  const [own, cluster] = await Promise.all([
    listWidely(api, roleAssignments, namespace, identity?.metadata.namespace ?? namespace),
    listReadable(api, clusterRoleAssignments),
  ]);
  return { items: [...own.items, ...cluster.items], unread: [...own.unread, ...cluster.unread] };
}

/** What holds at a scope by inheritance, what is given there, and what is given on parts of it. */
async function around(at: Scope, { api }: Session): Promise<Readable<AnyRoleAssignment>> {
  const { items, unread } = await assignmentsAt(api, at);
  const concerns = (assignment: AnyRoleAssignment): boolean => {
    const scope = scopeOf(assignment);
    return scope !== undefined && (scopeContains(scope, at) || scopeContains(at, scope));
  };
  return { items: items.filter(concerns), unread };
}

function ofIdentity(
  identity: ManagedIdentity,
  { items, unread }: Readable<AnyRoleAssignment>,
): Readable<AnyRoleAssignment> {
  return { items: items.filter((assignment) => isAssignedTo(identity, assignment)), unread };
}
