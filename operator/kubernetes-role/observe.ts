import { principalId } from "../../identity/ids.ts";
import { principalReference } from "../../identity/principal-reference.ts";
import { type AnyRoleAssignment, scopeOf } from "../../identity/role-assignment.ts";
import { namespaceOf } from "../../identity/scope.ts";
import { isUsable, type Stored } from "../../kube/stored.ts";
import type { Context } from "../context.ts";
import { objectText } from "../object-name.ts";
import { firstFinding } from "../role-assignment/checks.ts";
import { findPrincipal, observe } from "../role-assignment/observe.ts";
import type { Watches } from "../watches.ts";
import { clusterRoleOf } from "./cluster-role-of.ts";
import type { Grant } from "./reconcile.ts";

/** What an assignment grants on the Kubernetes API now; undefined when nothing. Nothing is granted before the pin is written. */
export function grantOf(
  assignment: Stored<AnyRoleAssignment> | undefined,
  { watches, secretNamespaces }: Pick<Context, "watches" | "secretNamespaces">,
  now: Date,
): Grant | undefined {
  if (assignment === undefined || !isUsable(assignment) || assignment.metadata.deletionTimestamp !== undefined) {
    return undefined;
  }
  const clusterRole = clusterRoleOf(assignment, watches);
  const where = whereOf(assignment, watches, secretNamespaces);
  const principal = principalOf(assignment, watches);
  if (clusterRole === undefined || where === undefined || principal === undefined) return undefined;
  if (firstFinding(observe(assignment, watches), now) !== undefined) return undefined;
  return { assignment, principal, clusterRole, where };
}

function principalOf(assignment: AnyRoleAssignment, watches: Watches): Grant["principal"] | undefined {
  const pinned = assignment.status?.principalId;
  if (pinned === undefined) return undefined;
  const reference = principalReference(assignment);
  const identity = findPrincipal(reference, watches);
  const mayAct = identity !== undefined && isUsable(identity) && !identity.spec.disabled;
  return { text: objectText(reference), id: principalId(pinned), state: mayAct ? "enabled" : "disabled" };
}

function whereOf(
  assignment: AnyRoleAssignment,
  { namespaces }: Watches,
  secretNamespaces: readonly string[],
): Grant["where"] | undefined {
  const scope = scopeOf(assignment);
  if (scope === undefined) return undefined;
  const name = namespaceOf(scope);
  if (name === undefined) return { kind: "cluster" };
  if (secretNamespaces.includes(name)) return { kind: "namespace", name, state: "ours" };
  const namespace = namespaces.get({ name });
  if (namespace?.metadata.deletionTimestamp !== undefined) return { kind: "namespace", name, state: "ending" };
  // An assignment's own namespace is there, whether or not the watch has told of it yet.
  const isThere = namespace !== undefined || assignment.kind === "RoleAssignment";
  return { kind: "namespace", name, state: isThere ? "there" : "missing" };
}
