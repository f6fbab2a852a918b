import { type Finding, findings } from "../../identity/findings.ts";
import type { PrincipalId } from "../../identity/ids.ts";
import type { AnyRoleAssignment } from "../../identity/role-assignment.ts";
import { type Binding, type BindingManifest, bindingFor, isAsWanted, isOurs } from "./binding.ts";

/** An assignment that is in force, of a role that names a ClusterRole, and what it would be bound in. */
export interface Grant {
  readonly assignment: AnyRoleAssignment;
  readonly principal: {
    /** For messages: `ManagedIdentity shop/orders`. */
    readonly text: string;
    readonly id: PrincipalId;
    /** One that is disabled, or cannot be read, gets no tokens; those that it has shall be worth nothing either. */
    readonly state: "enabled" | "disabled";
  };
  readonly clusterRole: string;
  readonly where:
    | { readonly kind: "cluster" }
    | { readonly kind: "namespace"; readonly name: string; readonly state: "there" | "ours" | "ending" | "missing" };
}

export type Decision =
  /** No binding, and nothing to say of it. */
  { readonly kind: "none" } | { readonly kind: "withheld"; readonly finding: Finding } | Bind;

export interface Bind {
  readonly kind: "bind";
  readonly grant: Grant;
  readonly binding: BindingManifest;
}

export function decide(grant: Grant | undefined): Decision {
  if (grant === undefined) return { kind: "none" };
  const { assignment, principal, clusterRole, where } = grant;
  // The signing keys or the secrets of vaults are there: a role that reads Secrets would give its principal all of them.
  if (where.kind === "namespace" && where.state === "ours") {
    return { kind: "withheld", finding: findings.InstallationNamespace(where.name) };
  }
  // RBAC knows who and what, but not for which request.
  if (assignment.spec.condition !== undefined) {
    return { kind: "withheld", finding: findings.KubernetesRoleConditional(clusterRole) };
  }
  if (principal.state === "disabled") {
    return { kind: "withheld", finding: findings.PrincipalDisabled(principal.text) };
  }
  if (where.kind === "namespace" && where.state === "missing") {
    return { kind: "withheld", finding: findings.NamespaceNotFound(where.name) };
  }
  // Nothing can be made in a namespace that ends, and all that is there goes with it.
  if (where.kind === "namespace" && where.state === "ending") return { kind: "none" };
  const namespace = where.kind === "namespace" ? where.name : undefined;
  return { kind: "bind", grant, binding: bindingFor({ assignment, principal: principal.id, clusterRole, namespace }) };
}

/** Those of an assignment's bindings that must go: all but the wanted one, and only those that the operator made. */
export function surplus(bindings: readonly Binding[], decision: Decision): readonly Binding[] {
  const isWanted = (binding: Binding): boolean => decision.kind === "bind" && isWhere(binding, decision.binding);
  return bindings.filter((binding) => isOurs(binding) && !isWanted(binding));
}

/** Whether the wanted binding is among those of its assignment already, as it should be. */
export function isThere(bindings: readonly Binding[], { binding: wanted, grant }: Bind): boolean {
  return bindings.some((binding) => isWhere(binding, wanted) && isAsWanted(binding, wanted, grant.assignment));
}

/** Both have the name of one assignment, so that the place alone tells them apart. */
function isWhere({ kind, metadata }: Binding, wanted: BindingManifest): boolean {
  return kind === wanted.kind && metadata.namespace === wanted.metadata.namespace;
}
