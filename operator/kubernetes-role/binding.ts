import { isDeepStrictEqual } from "node:util";
import type { PrincipalId } from "../../identity/ids.ts";
import { API_GROUP, kubernetesApi, managedByLanyard } from "../../identity/names.ts";
import type { AnyRoleAssignment } from "../../identity/role-assignment.ts";
import type { Manifest } from "../../kube/api.ts";
import type { Kind } from "../../kube/kind.ts";
import {
  type ClusterRoleBinding,
  clusterRoleBindings,
  RBAC_GROUP,
  type RoleBinding,
  roleBindings,
} from "../../kube/rbac-kinds.ts";
import { hasManagedLabel } from "../managed-label.ts";
import type { ObjectName } from "../object-name.ts";

/** What gives a principal a ClusterRole: in a namespace, or everywhere. */
export type Binding = RoleBinding | ClusterRoleBinding;

/** A binding as the operator writes it. */
export type BindingManifest = Manifest &
  Pick<Binding, "kind" | "roleRef"> & { readonly subjects: readonly [NonNullable<Binding["subjects"]>[number]] };

export interface BoundRole {
  readonly assignment: AnyRoleAssignment;
  readonly principal: PrincipalId;
  readonly clusterRole: string;
  /** Where the role holds; everywhere, when undefined. */
  readonly namespace: string | undefined;
}

/** The name of a binding names its assignment, so that no mark which somebody may edit is needed to find that. */
const prefixes = {
  RoleAssignment: "lanyard.role-assignment.",
  ClusterRoleAssignment: "lanyard.cluster-role-assignment.",
} as const;

export const bindingKind = ({ kind }: Pick<Binding, "kind">): Kind<Binding> =>
  kind === "RoleBinding" ? roleBindings : clusterRoleBindings;

/**
 * The owner reference lets garbage collection delete the binding with its assignment, also while no operator runs. It
 * carries the UID, so that an assignment which is made again under the same name has a binding of its own.
 */
export function bindingFor({ assignment, principal, clusterRole, namespace }: BoundRole): BindingManifest {
  const { apiVersion, kind, metadata } = assignment;
  return {
    apiVersion: roleBindings.apiVersion,
    kind: namespace === undefined ? "ClusterRoleBinding" : "RoleBinding",
    metadata: {
      name: prefixes[kind] + metadata.name,
      ...(namespace === undefined ? {} : { namespace }),
      labels: managedByLanyard,
      ownerReferences: [{ apiVersion, kind, name: metadata.name, uid: metadata.uid }],
    },
    subjects: [{ kind: "User", apiGroup: RBAC_GROUP, name: kubernetesApi.userPrefix + principal }],
    roleRef: { apiGroup: RBAC_GROUP, kind: "ClusterRole", name: clusterRole },
  };
}

/** The assignment that a binding of this name is for; undefined when no assignment could have it. */
export function assignmentOf({ kind, metadata }: Binding): ObjectName | undefined {
  const { name, namespace } = metadata;
  if (name.startsWith(prefixes.ClusterRoleAssignment)) {
    return { kind: "ClusterRoleAssignment", name: name.slice(prefixes.ClusterRoleAssignment.length) };
  }
  if (kind !== "RoleBinding" || !name.startsWith(prefixes.RoleAssignment)) return undefined;
  return { kind: "RoleAssignment", namespace, name: name.slice(prefixes.RoleAssignment.length) };
}

/**
 * Whether the operator made it, as a mark says: the label, the owner or a principal of ours as a subject. One is enough,
 * since somebody may have edited the others away. Without the last, who takes both of the others off would leave the
 * principal its role beyond the assignment.
 */
export function isOurs(binding: Binding): boolean {
  const { ownerReferences = [] } = binding.metadata;
  return (
    hasManagedLabel(binding) ||
    ownerReferences.some(({ apiVersion }) => apiVersion.startsWith(`${API_GROUP}/`)) ||
    bindsPrincipal(binding)
  );
}

function bindsPrincipal({ subjects = [] }: Binding): boolean {
  return subjects.some(({ kind, name }) => kind === "User" && name.startsWith(kubernetesApi.userPrefix));
}

/** A roleRef cannot be changed: what has another one must be made again. */
export function bindsTo({ roleRef }: Binding, wanted: BindingManifest): boolean {
  return isDeepStrictEqual(roleRef, wanted.roleRef);
}

/** Whether a binding is as the operator would write it; labels and owners that others added do no harm. */
export function isAsWanted(binding: Binding, wanted: BindingManifest, assignment: AnyRoleAssignment): boolean {
  const owners = binding.metadata.ownerReferences ?? [];
  return (
    bindsTo(binding, wanted) &&
    isDeepStrictEqual(binding.subjects, wanted.subjects) &&
    hasManagedLabel(binding) &&
    owners.some(({ uid }) => uid === assignment.metadata.uid)
  );
}
