import { namedNamespaceOf } from "../../identity/pinned-namespace.ts";
import { principalReference } from "../../identity/principal-reference.ts";
import type { AnyRoleAssignment } from "../../identity/role-assignment.ts";
import { keyText } from "../../kube/kind.ts";
import { isUsable, type Stored } from "../../kube/stored.ts";
import { objectText } from "../object-name.ts";
import { readyReason } from "./principal-loss.ts";

type Values = (assignment: AnyRoleAssignment) => readonly string[];

const principal: Values = (assignment) => [objectText(principalReference(assignment))];

const pinned: Values = ({ status }) => (status?.principalId === undefined ? [] : [status.principalId]);

const namespace: Values = (assignment) => [namedNamespaceOf(assignment) ?? []].flat();

const role: Values = ({ spec }) => [spec.roleDefinition];

const resource: Values = (assignment) => {
  if (assignment.kind !== "RoleAssignment" || assignment.spec.resource === undefined) return [];
  return [keyText({ namespace: assignment.metadata.namespace, name: assignment.spec.resource })];
};

/**
 * What an assignment still misses, and where that would be: its condition may hint at a name that is nearly the one
 * written, so it changes with the names that there are.
 */
const waitingFor: Values = (assignment) => {
  switch (readyReason(assignment.status?.conditions)) {
    case "PrincipalNotFound":
    case "PrincipalNamespaceTerminating":
      return [waitsForPrincipal(principalReference(assignment).namespace)];
    case "RoleNotFound":
      return [WAITS_FOR_ROLE];
    case "ResourceNotFound":
      return [waitsForResource(assignment.metadata.namespace)];
    default:
      return [];
  }
};

export const WAITS_FOR_ROLE = "role";
export const waitsForPrincipal = (namespace: string | undefined): string => `principal in ${namespace}`;
export const waitsForResource = (namespace: string | undefined): string => `resource in ${namespace}`;

/** An assignment that cannot be read names nothing. */
const ofUsable =
  (values: Values) =>
  (assignment: Stored<AnyRoleAssignment>): readonly string[] =>
    isUsable(assignment) ? values(assignment) : [];

export const roleAssignmentIndexes = {
  principal: ofUsable(principal),
  pinned: ofUsable(pinned),
  namespace: ofUsable(namespace),
  role: ofUsable(role),
  resource: ofUsable(resource),
  waitingFor: ofUsable(waitingFor),
};
