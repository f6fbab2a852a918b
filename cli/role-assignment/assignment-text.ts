import { API_GROUP } from "../../identity/names.ts";
import type { AnyRoleAssignment } from "../../identity/role-assignment.ts";
import { keyText } from "../../kube/kind.ts";

/** `RoleAssignment payments/orders-reads`, as a sentence names it. */
export function assignmentText({ kind, metadata }: AnyRoleAssignment): string {
  return `${kind} ${keyText(metadata)}`;
}

/** `payments/orders-reads` or `ClusterRoleAssignment/ops`, as `role-assignment delete` takes it. */
export function assignmentReference({ kind, metadata }: AnyRoleAssignment): string {
  return metadata.namespace === undefined ? `${kind}/${metadata.name}` : keyText(metadata);
}

/** For a program. */
export function assignmentData({ kind, metadata: { namespace, name } }: AnyRoleAssignment): object {
  return namespace === undefined ? { kind, name } : { kind, namespace, name };
}

/** `kubectl edit -n payments roleassignments.lanyard.dev/orders-reads`. */
export function kubectlWith(
  verb: "edit" | "patch",
  { kind, metadata: { namespace, name } }: AnyRoleAssignment,
): string {
  const place = namespace === undefined ? "" : ` -n ${namespace}`;
  return `kubectl ${verb}${place} ${kind.toLowerCase()}s.${API_GROUP}/${name}`;
}
