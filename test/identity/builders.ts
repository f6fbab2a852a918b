import { randomUUID } from "node:crypto";
import { AccessIndex } from "../../identity/access-index.ts";
import { tenantId } from "../../identity/ids.ts";
import type { ManagedIdentity } from "../../identity/managed-identity.ts";
import { API_VERSION } from "../../identity/names.ts";
import type { ProtectedResource } from "../../identity/protected-resource.ts";
import type { AnyRoleAssignment, ClusterRoleAssignment, RoleAssignment } from "../../identity/role-assignment.ts";
import type { RoleDefinition } from "../../identity/role-definition.ts";
import { type BoundIdentity, type PodFacts, usableIdentities } from "../../identity/usable-identities.ts";

/** Objects of the rules' tests: each builder takes what a test is about, and fills in the rest. */
export const tenant = tenantId("91aa3f2c-5b0e-4d7a-9c1f-2e8d6b4a7035");
export const now = Date.parse("2026-11-21T12:00:00Z");
export const inSeconds = (seconds: number): string => new Date(now + seconds * 1000).toISOString();

interface Meta {
  readonly name?: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
}

function metadata({ name = "orders", uid = randomUUID(), creationTimestamp = "2026-11-01T00:00:00Z", ...rest }: Meta) {
  return { name, uid, creationTimestamp, resourceVersion: "1", ...rest };
}

type Spec<T extends { spec: object }> = Partial<T["spec"]>;

export function userAssigned(meta: Meta = {}, spec: Spec<ManagedIdentity> = {}): ManagedIdentity {
  return {
    apiVersion: API_VERSION,
    kind: "ManagedIdentity",
    metadata: { ...metadata(meta), namespace: meta.namespace ?? "shop" },
    spec: { type: "UserAssigned", disabled: false, subjects: [{ serviceAccount: "orders" }], ...spec },
  };
}

export function systemAssigned(workloadUid: string, meta: Meta = {}): ManagedIdentity {
  const workload = { apiVersion: "apps/v1", kind: "Deployment", name: "web", uid: workloadUid } as const;
  const { subjects: _none, ...spec } = userAssigned().spec;
  return { ...userAssigned({ name: "web", ...meta }), spec: { ...spec, type: "SystemAssigned", workload } };
}

export function pod(facts: Partial<PodFacts> = {}): PodFacts {
  return { namespace: "shop", serviceAccount: "orders", controllerChain: new Set(["pod-uid"]), ...facts };
}

/** The identity as a pod that may use it sees it. */
export function bound(identity: ManagedIdentity, facts: Partial<PodFacts> = {}): BoundIdentity {
  const [only] = usableIdentities(pod(facts), [identity], tenant);
  if (only === undefined) throw new Error("this pod may not use the identity");
  return only;
}

export function role(name: string, spec: Spec<RoleDefinition> = { actions: ["secrets/read"] }): RoleDefinition {
  return { apiVersion: API_VERSION, kind: "RoleDefinition", metadata: metadata({ name }), spec };
}

export function accessIndex(assignments: readonly AnyRoleAssignment[], roles: readonly RoleDefinition[]): AccessIndex {
  const index = new AccessIndex();
  for (const each of roles) index.putRole(each);
  for (const each of assignments) index.putAssignment(each);
  return index;
}

export function roleAssignment(
  principalId: string | undefined,
  meta: Meta = {},
  spec: Spec<RoleAssignment> = {},
): RoleAssignment {
  return {
    apiVersion: API_VERSION,
    kind: "RoleAssignment",
    metadata: { ...metadata({ name: `assignment-${randomUUID()}`, ...meta }), namespace: meta.namespace ?? "payments" },
    spec: { principal: { managedIdentity: "orders", namespace: "shop" }, roleDefinition: "reader", ...spec },
    ...(principalId === undefined ? {} : { status: { principalId } }),
  };
}

export function clusterRoleAssignment(
  principalId: string,
  scope: string,
  spec: Spec<ClusterRoleAssignment> = {},
): ClusterRoleAssignment {
  return {
    apiVersion: API_VERSION,
    kind: "ClusterRoleAssignment",
    metadata: metadata({ name: `assignment-${randomUUID()}` }),
    spec: { principal: { managedIdentity: "orders", namespace: "shop" }, roleDefinition: "reader", scope, ...spec },
    status: { principalId },
  };
}

export function protectedResource(meta: Meta = {}, spec: Spec<ProtectedResource> = {}): ProtectedResource {
  return {
    apiVersion: API_VERSION,
    kind: "ProtectedResource",
    metadata: { ...metadata({ name: "vault", ...meta }), namespace: meta.namespace ?? "payments" },
    spec: {
      ...{ audiences: ["https://vault.payments.svc"], assignmentRequired: true },
      ...{ signingAlgorithm: "RS256", tokenType: "at+jwt", ...spec },
    },
  };
}
