import { type AdmissionReason, admissionReasons } from "../../identity/admission-reasons.ts";
import { managedIdentitySpecSchema } from "../../identity/managed-identity.ts";
import { clusterRoleAssignmentSpecSchema, roleAssignmentSpecSchema } from "../../identity/role-assignment.ts";
import type { KubeObject } from "../../kube/kind.ts";
import type { Store } from "../../kube/store.ts";
import type { ClusterFacts } from "../cluster-facts.ts";

export interface Referrer {
  readonly kind: string;
  /** Empty for an object of the cluster. */
  readonly namespace: string;
  readonly spec: unknown;
}

/** A thousand subjects may be missing at once; so many are told. */
const MOST_TOLD = 5;

/** Names in an object that nothing has yet. Order of creation is free, so this is never more than a warning. */
export function missingReferences(referrer: Referrer, facts: ClusterFacts): AdmissionReason[] {
  switch (referrer.kind) {
    case "ManagedIdentity":
      return missingSubjects(referrer, facts);
    case "RoleAssignment":
      return missingOfAssignment(referrer, facts);
    case "ClusterRoleAssignment":
      return missingOfClusterAssignment(referrer, facts);
    default:
      return [];
  }
}

function missingSubjects({ namespace, spec }: Referrer, { serviceAccounts }: ClusterFacts): AdmissionReason[] {
  const subjects = managedIdentitySpecSchema.safeParse(spec).data?.subjects ?? [];
  const named = subjects.map((subject) => ({
    namespace: subject.namespace ?? namespace,
    name: subject.serviceAccount,
  }));
  const missing = named.filter((key) => serviceAccounts.get(key) === undefined).slice(0, MOST_TOLD);
  return missing.flatMap((key) => missingIn(serviceAccounts, { what: "ServiceAccount", ...key }, namespace));
}

function missingOfAssignment({ namespace, spec }: Referrer, facts: ClusterFacts): AdmissionReason[] {
  const assignment = roleAssignmentSpecSchema.safeParse(spec).data;
  if (assignment === undefined) return [];
  const { principal, roleDefinition, resource } = assignment;
  return [
    ...missingRole(roleDefinition, facts),
    ...missingPrincipal({ ...principal, namespace: principal.namespace ?? namespace }, namespace, facts),
    ...(resource === undefined
      ? []
      : missingIn(facts.resources, { what: "ProtectedResource", namespace, name: resource }, namespace)),
  ];
}

function missingOfClusterAssignment({ spec }: Referrer, facts: ClusterFacts): AdmissionReason[] {
  const assignment = clusterRoleAssignmentSpecSchema.safeParse(spec).data;
  if (assignment === undefined) return [];
  const { principal, roleDefinition } = assignment;
  return [...missingRole(roleDefinition, facts), ...missingPrincipal(principal, undefined, facts)];
}

function missingRole(name: string, { roles }: ClusterFacts): AdmissionReason[] {
  if (roles.get({ name }) !== undefined) return [];
  const known = [...roles.values()].map(({ metadata }) => metadata.name);
  return [admissionReasons.ReferenceNotFound("RoleDefinition", name, known)];
}

interface Principal {
  readonly namespace: string;
  readonly managedIdentity?: string | undefined;
}

/** A workload's own identity is made by the operator once the workload asks for one: not here. */
function missingPrincipal(
  { namespace, managedIdentity }: Principal,
  author: string | undefined,
  { identities }: ClusterFacts,
): AdmissionReason[] {
  if (managedIdentity === undefined) return [];
  return missingIn(identities, { what: "ManagedIdentity", namespace, name: managedIdentity }, author);
}

interface Reference {
  readonly what: string;
  readonly namespace: string;
  readonly name: string;
}

/** The nearest name is told within the author's own namespace alone: what others are called elsewhere is not for everybody. */
function missingIn<T extends KubeObject>(store: Store<T>, reference: Reference, author?: string): AdmissionReason[] {
  const { what, namespace, name } = reference;
  if (store.get({ namespace, name }) !== undefined) return [];
  if (namespace !== author) return [admissionReasons.ReferenceNotFound(what, `${namespace}/${name}`, [])];
  const known = store.by("namespace", namespace).map(({ metadata }) => metadata.name);
  return [admissionReasons.ReferenceNotFound(what, name, known)];
}
