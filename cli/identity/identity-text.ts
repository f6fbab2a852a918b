import type { ManagedIdentity } from "../../identity/managed-identity.ts";
import type { AnyRoleAssignment } from "../../identity/role-assignment.ts";
import { keyText } from "../../kube/kind.ts";
import type { PrincipalSpec } from "../role-assignment/principal-spec.ts";

/** `shop/orders`, or `shop/Deployment/web` for a workload's own: as every command takes it. */
export function identityText({ metadata, spec }: ManagedIdentity): string {
  if (spec.workload === undefined) return keyText(metadata);
  return `${metadata.namespace}/${spec.workload.kind}/${spec.workload.name}`;
}

/** The same of whom an assignment names, whether there is such an identity or not. */
export function principalText(assignment: AnyRoleAssignment): string {
  const { managedIdentity, workload }: PrincipalSpec = assignment.spec.principal;
  const namespace = assignment.spec.principal.namespace ?? assignment.metadata.namespace;
  return workload === undefined ? `${namespace}/${managedIdentity}` : `${namespace}/${workload.kind}/${workload.name}`;
}

/** For a program. */
export function principalData(assignment: AnyRoleAssignment): object {
  const { managedIdentity, workload } = assignment.spec.principal;
  const namespace = assignment.spec.principal.namespace ?? assignment.metadata.namespace;
  return { namespace, managedIdentity, workload, principalId: assignment.status?.principalId };
}
