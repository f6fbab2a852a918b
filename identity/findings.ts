import { didYouMean } from "./nearest-name.ts";
import { enumerate, type Reason, reason } from "./reasons.ts";

/** What a reconciler finds on an object: the reason and message of a condition or an Event. */
export const findings = {
  Ready: (sentence: string) => reason("Ready", sentence),
  VaultServed: (host: string) => reason("VaultServed", `Programs in the cluster find the vault at https://${host}.`),
  VaultNotInstalled: () =>
    reason(
      "VaultNotInstalled",
      "This installation serves no vaults: its administrator turns them on with the chart value vault.enabled.",
    ),
  VaultNameUnusable: (name: string, why: string) =>
    reason(
      "VaultNameUnusable",
      `No vault can be served with the name ${name}: ${why}. Make it anew with another name.`,
    ),
  VaultLimitReached: ({ ofNamespace, ofCluster }: { ofNamespace: number; ofCluster: number }) =>
    reason(
      "VaultLimitReached",
      `The vault is not served: of each namespace the ${ofNamespace} oldest vaults are, and of these the ${ofCluster} oldest of the cluster. Delete a vault that nobody needs, and the next is served by itself, or make this one in another namespace.`,
    ),
  ServiceNameTaken: (service: string) =>
    reason(
      "ServiceNameTaken",
      `Service ${service} exists and is not the vault's, so that programs which ask for the vault reach that one: delete the Service, or make the vault anew with another name.`,
    ),
  SubjectsNotFound: (missing: readonly string[]) =>
    reason(
      "SubjectsNotFound",
      `These subjects do not exist: ServiceAccount ${enumerate(missing)}. Create them, or correct spec.subjects.`,
    ),
  SubjectsFound: () => reason("SubjectsFound", "Every subject exists."),
  NoSubjects: () => reason("NoSubjects", "Nobody may use this identity: add a ServiceAccount to spec.subjects."),
  Disabled: () => reason("Disabled", "No token is issued while spec.disabled is true."),
  Invalid: (what: string) => reason("Invalid", what),
  AnnotationInvalid: (annotation: string, value: string) =>
    reason("AnnotationInvalid", `Annotation ${annotation} is "${value}": write "true" or "false", or remove it.`),
  AnnotationRemoved: (workload: string) =>
    reason(
      "AnnotationRemoved",
      `${workload} asks for no system-assigned identity any more, so its identity is deleted.`,
    ),
  DeletionPending: (workload: string, at: string) =>
    reason(
      "DeletionPending",
      `${workload} asks for no system-assigned identity any more: its identity is disabled, and is deleted with its principal at ${at}. To keep it, put the annotation lanyard.dev/system-assigned: "true" back.`,
    ),
  IdentityRestored: (workload: string) =>
    reason("IdentityRestored", `${workload} asks for its system-assigned identity again, which is enabled again.`),
  ControllerUnknown: (kind: string, group: string) =>
    reason(
      "ControllerUnknown",
      `The pods of this ${kind} ask for a system-assigned identity, and this installation does not read ${kind} objects: an administrator adds their resource of API group ${group} to the chart value workloads (kubectl api-resources --api-group=${group} lists it), and the annotation lanyard.dev/system-assigned: "true" belongs on the ${kind}.`,
    ),
  NameTaken: (identity: string, workload: string) =>
    reason(
      "NameTaken",
      `ManagedIdentity ${identity} exists and is not the system-assigned identity of ${workload}, which would have this name: delete it or give it another name.`,
    ),
  NotItsIdentity: (identity: string, workload: string) =>
    reason(
      "NotItsIdentity",
      `ManagedIdentity ${identity} is deleted: it says that it is the system-assigned identity of ${workload}, and only the operator makes that.`,
    ),
  WorkloadGone: (workload: string) =>
    reason("WorkloadGone", `${workload} was deleted, so its system-assigned identity goes too.`),
  IdentityDeleted: (assignments: readonly string[]) =>
    reason(
      "IdentityDeleted",
      `The identity was deleted while role assignments still name it: ${enumerate(assignments)}. They have no effect; delete them.`,
    ),
  NotInjected: (what: string, command: string) =>
    reason(
      "NotInjected",
      `${what} created without injection, though it is asked for, and no token can be had there. Repair: ${command}`,
    ),
  InjectionRefused: (what: string, why: string) => reason("InjectionRefused", `${what} not injected: ${why}`),
  PrincipalNotFound: (principal: string, known: readonly string[]) =>
    reason(
      "PrincipalNotFound",
      `${principal} does not exist yet: create it, or correct spec.principal.${didYouMean(principal, known)}`,
    ),
  PrincipalNamespaceTerminating: (principal: string, namespace: string) =>
    reason(
      "PrincipalNamespaceTerminating",
      `Namespace ${namespace} is being deleted, and ${principal} goes with it, so it is given nothing more: delete this role assignment, or name another principal in a new one.`,
    ),
  PrincipalDeleted: (principal: string, pinned: string) =>
    reason(
      "PrincipalDeleted",
      `${principal} (principal ${pinned}) was deleted while this role assignment was left: it has no effect; delete it.`,
    ),
  PrincipalReplaced: (principal: string, pinned: string, current: string) =>
    reason(
      "PrincipalReplaced",
      `${principal} was deleted and made again: principal ${current} does not inherit what was given to ${pinned}. Delete this role assignment and create it again if the new one shall have the role.`,
    ),
  NamespaceReplaced: (namespace: string, what: string) =>
    reason(
      "NamespaceReplaced",
      `Namespace ${namespace} was deleted and recreated, and another team may own it: ${what}`,
    ),
  RoleNotFound: (name: string, known: readonly string[]) =>
    reason(
      "RoleNotFound",
      `RoleDefinition ${name} does not exist.${didYouMean(name, known)} Create it, or delete this object and name another.`,
    ),
  ResourceNotFound: (name: string, known: readonly string[]) =>
    reason("ResourceNotFound", `ProtectedResource ${name} does not exist yet: create it.${didYouMean(name, known)}`),
  NotYetInForce: (at: string) =>
    reason("NotYetInForce", `The assignment begins at ${at}: wait, or set an earlier spec.notBefore.`),
  Expired: (at: string) =>
    reason("Expired", `The assignment ended at ${at}: delete it, or set a later spec.expiresAt.`),
  PrincipalDisabled: (principal: string) =>
    reason(
      "PrincipalDisabled",
      `${principal} is disabled, so it is bound to no ClusterRole: set its spec.disabled to false to let it use the role again.`,
    ),
  KubernetesRoleBound: (binding: string, clusterRole: string) =>
    reason("KubernetesRoleBound", `${binding} binds the principal to ClusterRole ${clusterRole}.`),
  KubernetesRolePending: (clusterRole: string) =>
    reason("KubernetesRolePending", `The operator has not bound the principal to ClusterRole ${clusterRole} yet.`),
  KubernetesRoleConditional: (clusterRole: string) =>
    reason(
      "KubernetesRoleConditional",
      `The principal is not bound to ClusterRole ${clusterRole}, because the Kubernetes API cannot hold to spec.condition: remove the condition, or assign a role without kubernetesRole.`,
    ),
  KubernetesRoleForbidden: (binding: string, clusterRole: string) =>
    reason(
      "KubernetesRoleForbidden",
      `The API server does not let the operator make ${binding}: give it the verb "bind" on ClusterRole ${clusterRole}, with the chart value operator.kubernetesRoles.`,
    ),
  KubernetesRoleNotFound: (clusterRole: string) =>
    reason(
      "KubernetesRoleNotFound",
      `ClusterRole ${clusterRole} does not exist: create it, or correct spec.kubernetesRole of the RoleDefinition.`,
    ),
  InstallationNamespace: (name: string) =>
    reason(
      "InstallationNamespace",
      `Namespace ${name} holds Lanyard's signing keys or the secrets of vaults, so no role is bound there: delete the assignment.`,
    ),
  NamespaceNotFound: (namespace: string) =>
    reason(
      "NamespaceNotFound",
      `Namespace ${namespace} does not exist yet: create it, or delete this assignment and make one with another scope.`,
    ),
  BindingNameTaken: (binding: string) =>
    reason(
      "BindingNameTaken",
      `${binding} exists and is not one that the operator made: delete it, and the operator makes its own.`,
    ),
  BindingRestored: (binding: string, wasFound: "changed" | "deleted") =>
    reason(
      "BindingRestored",
      `${binding} was ${wasFound} by somebody and is put back: delete this assignment to end the access.`,
    ),
  GateClosed: (sentence: string) =>
    reason(
      "GateClosed",
      `The application waits until it can have a token and the secret files that it asks for: ${sentence}`,
    ),
  RevokedIdentityNotFound: (name: string, known: readonly string[]) =>
    reason(
      "RevokedIdentityNotFound",
      `ManagedIdentity ${name} does not exist in this namespace, so nothing is revoked: create a revocation that names another.${didYouMean(name, known)}`,
    ),
  NotATokenId: (tokenId: string) =>
    reason(
      "NotATokenId",
      `No token has the id "${tokenId}", so nothing is revoked: create a revocation with the jti of a token, such as 5f2b8b2a-70b1-4cf2-8f3e-8fa53b6d7c01.8x2k; the audit log has it.`,
    ),
  TooManyRevocations: (most: number) =>
    reason(
      "TooManyRevocations",
      `This namespace has more than ${most} TokenRevocations. Every token of its identities and pods from before the newest of them is revoked. To revoke single tokens again, delete revocations that are not needed (kubectl get tokenrevocations.lanyard.dev), or wait: each is deleted a day after it was created.`,
    ),
  AudienceConflict: (conflicts: readonly string[]) =>
    reason(
      "AudienceConflict",
      `These audiences belong to another resource or namespace: ${enumerate(conflicts)}. Remove them here; one that its owner no longer names becomes free.`,
    ),
} as const;

export type Finding = Reason<keyof typeof findings>;
