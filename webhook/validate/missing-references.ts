import { type AdmissionReason, admissionReasons } from "../../identity/admission-reasons.ts";
import { managedIdentitySpecSchema } from "../../identity/managed-identity.ts";
import { clusterRoleAssignmentSpecSchema, roleAssignmentSpecSchema } from "../../identity/role-assignment.ts";
import type { KubeObject } from "../../kube/kind.ts";
import type { Store } from "../../kube/store.ts";
import { candidates } from "../candidates.ts";
import type { ClusterFacts } from "../cluster-facts.ts";

export interface Referrer {
  readonly kind: string;
  /** Empty for an object of the cluster. */
  readonly namespace: string;
  readonly spec: unknown;
}

/** A thousand subjects may be missing at once; so many are told. */
const MOST_TOLD = 5;

/**
 * Names in an object that nothing has yet. Order of creation is free, so this is never more than a warning; and only of
 * the object's own namespace and of the cluster: what others have in theirs is not for everybody to find out.
 */
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
  const own = subjects.filter((subject) => (subject.namespace ?? namespace) === namespace);
  const keys = own.map(({ serviceAccount }) => ({ namespace, name: serviceAccount }));
  const missing = keys.filter((key) => serviceAccounts.get(key) === undefined).slice(0, MOST_TOLD);
  return missing.flatMap((key) => missingIn(serviceAccounts, { what: "ServiceAccount", ...key }));
}

function missingOfAssignment({ namespace, spec }: Referrer, facts: ClusterFacts): AdmissionReason[] {
  const assignment = roleAssignmentSpecSchema.safeParse(spec).data;
  if (assignment === undefined) return [];
  const { principal, roleDefinition, resource } = assignment;
  const isOwn = (principal.namespace ?? namespace) === namespace;
  return [
    ...missingRole(roleDefinition, facts),
    ...(isOwn ? missingPrincipal(principal.managedIdentity, namespace, facts) : []),
    ...(resource === undefined
      ? []
      : missingIn(facts.resources, { what: "ProtectedResource", namespace, name: resource })),
  ];
}

function missingOfClusterAssignment({ spec }: Referrer, facts: ClusterFacts): AdmissionReason[] {
  const assignment = clusterRoleAssignmentSpecSchema.safeParse(spec).data;
  return assignment === undefined ? [] : missingRole(assignment.roleDefinition, facts);
}

function missingRole(name: string, { roles }: ClusterFacts): AdmissionReason[] {
  if (roles.get({ name }) !== undefined) return [];
  const known = roles.values().map(({ metadata }) => metadata.name);
  return [admissionReasons.ReferenceNotFound("RoleDefinition", name, candidates(name, known))];
}

/** A workload's own identity is made by the operator once the workload asks for one: not here. */
function missingPrincipal(
  name: string | undefined,
  namespace: string,
  { identities }: ClusterFacts,
): AdmissionReason[] {
  return name === undefined ? [] : missingIn(identities, { what: "ManagedIdentity", namespace, name });
}

interface Reference {
  readonly what: string;
  readonly namespace: string;
  readonly name: string;
}

function missingIn<T extends KubeObject>(store: Store<T>, { what, namespace, name }: Reference): AdmissionReason[] {
  if (store.get({ namespace, name }) !== undefined) return [];
  const known = store.by("namespace", namespace).map(({ metadata }) => metadata.name);
  return [admissionReasons.ReferenceNotFound(what, name, candidates(name, known))];
}
