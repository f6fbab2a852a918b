import { describe, expect, test } from "vitest";
import { allKinds } from "../../../kube/kinds.ts";
import type { AdmissionRequest } from "../../../webhook/admission-review.ts";
import { watchFacts } from "../../../webhook/cluster-facts.ts";
import type { Decision } from "../../../webhook/decision.ts";
import { reviewResource } from "../../../webhook/validate/review-resource.ts";
import { boundingKinds } from "../../kube/cluster-kinds.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { World } from "../../support/world.ts";

const silent = { info: () => {}, warn: () => {}, error: () => {} };

/** The facts of a cluster with one object of each kind in namespace `shop`. */
async function shopFacts() {
  const world = await World.create(new FakeClock(), [...allKinds, ...boundingKinds]);
  await world.namespace("shop");
  await world.serviceAccount("shop/orders");
  await world.identity("shop/orders", { subjects: [{ serviceAccount: "orders" }] });
  await world.role("secrets-reader");
  await world.resource("shop/vault", "https://vault.shop.svc");
  const facts = watchFacts({ api: world.api, clock: world.clock, log: silent });
  await facts.synced;
  return facts;
}

const facts = shopFacts();
const now = Date.parse("2026-11-21T12:00:00Z");

function request(kind: string, spec: unknown, more: Partial<AdmissionRequest> = {}): AdmissionRequest {
  const object = { apiVersion: "lanyard.dev/v1alpha1", kind, metadata: { name: "it", namespace: "shop" }, spec };
  return {
    ...{ uid: "1", kind: { group: "lanyard.dev", version: "v1alpha1", kind }, subResource: "", name: "it" },
    ...{ namespace: "shop", operation: "CREATE", object },
    ...more,
  };
}

async function reviewed(kind: string, spec: unknown, more?: Partial<AdmissionRequest>): Promise<Decision> {
  return reviewResource(request(kind, spec, more), await facts, now);
}

const assignment = { principal: { managedIdentity: "orders" }, roleDefinition: "secrets-reader", resource: "vault" };

const clusterAssignment = {
  principal: { managedIdentity: "orders", namespace: "shop" },
  roleDefinition: "secrets-reader",
  scope: "/",
};

describe("an object that nothing is odd about", () => {
  test.each([
    { kind: "ManagedIdentity", spec: { subjects: [{ serviceAccount: "orders" }] } },
    { kind: "RoleAssignment", spec: assignment },
    { kind: "RoleAssignment", spec: { ...assignment, principal: { workload: { kind: "Deployment", name: "web" } } } },
    { kind: "ProtectedResource", spec: { audiences: ["https://queue.shop.svc"] } },
    { kind: "RoleDefinition", spec: { actions: ["secrets/read"] } },
  ])("passes: $kind", async ({ kind, spec }) => {
    const scope =
      kind === "RoleDefinition" ? { metadata: { name: "it" } } : { metadata: { name: "it", namespace: "shop" } };
    const object = { apiVersion: "lanyard.dev/v1alpha1", kind, ...scope, spec };
    expect(await reviewed(kind, spec, { object })).toEqual({
      kind: "allowed",
      outcome: "valid",
      patch: [],
      warnings: [],
    });
  });
});

describe("an object that breaks a rule is denied with the field that is wrong", () => {
  test.each([
    { kind: "ManagedIdentity", spec: { subjects: [{}] }, says: /^spec\.subjects\[0\]\.serviceAccount: is required\.$/ },
    { kind: "ManagedIdentity", spec: { token: { lifetime: "1m" } }, says: /^spec\.token\.lifetime: / },
    {
      kind: "RoleAssignment",
      spec: { principal: {}, roleDefinition: "reader" },
      says: /^spec\.principal: exactly one/,
    },
    {
      kind: "RoleAssignment",
      spec: { ...assignment, condition: 'pod.namespace == "shop" &&\n  pod.team == "a"' },
      says: /^spec\.condition: line 2, column 3: "pod\.team" is not known here/,
    },
    {
      kind: "ClusterRoleAssignment",
      spec: { ...clusterAssignment, condition: "pod.name" },
      says: /spec\.condition: line 1, column 1: expected true or false to come out of it, not string\.$/,
    },
    {
      kind: "RoleAssignment",
      spec: { ...assignment, notBefore: "2026-12-01T00:00:00Z", expiresAt: "2026-12-01T00:00:00+00:00" },
      says: /^spec\.notBefore: notBefore must be earlier than expiresAt\.$/,
    },
    { kind: "ManagedIdentity", spec: undefined, says: /^spec: is required\.$/ },
  ])("$kind: $says", async ({ kind, spec, says }) => {
    expect(await reviewed(kind, spec)).toMatchObject({
      kind: "denied",
      httpStatus: 422,
      reason: { code: "ObjectInvalid", sentence: expect.stringMatching(says) },
    });
  });

  test("an update of what cannot change", async () => {
    const oldObject = { spec: { ...assignment, roleDefinition: "reader" } };
    expect(await reviewed("RoleAssignment", assignment, { operation: "UPDATE", oldObject })).toMatchObject({
      kind: "denied",
      reason: { sentence: expect.stringMatching(/^spec\.roleDefinition: /) },
    });
  });
});

describe("what may come later, or from a newer version, is a warning", () => {
  test.each([
    {
      kind: "ManagedIdentity",
      spec: { subjects: [{ serviceAccount: "ordres" }] },
      warns: ['ServiceAccount "ordres" does not exist (yet). Did you mean "orders"?'],
    },
    {
      kind: "RoleAssignment",
      spec: { ...assignment, roleDefinition: "secret-reader" },
      warns: ['RoleDefinition "secret-reader" does not exist (yet). Did you mean "secrets-reader"?'],
    },
    {
      kind: "RoleAssignment",
      spec: { ...assignment, principal: { managedIdentity: "order" }, resource: "vaults" },
      warns: [
        'ManagedIdentity "order" does not exist (yet). Did you mean "orders"?',
        'ProtectedResource "vaults" does not exist (yet). Did you mean "vault"?',
      ],
    },
    {
      kind: "ClusterRoleAssignment",
      spec: { principal: { managedIdentity: "order", namespace: "shop" }, roleDefinition: "reader", scope: "/" },
      warns: ['RoleDefinition "reader" does not exist (yet).'],
    },
    {
      kind: "RoleAssignment",
      spec: { ...assignment, expiresAt: "2026-11-21T12:00:00Z" },
      warns: ["spec.expiresAt is 2026-11-21T12:00:00Z, which is over: the assignment gives nothing. Set a later time."],
    },
    {
      kind: "ClusterRoleAssignment",
      spec: { ...clusterAssignment, expiresAt: "2020-01-01T00:00:00Z" },
      warns: ["spec.expiresAt is 2020-01-01T00:00:00Z, which is over: the assignment gives nothing. Set a later time."],
    },
    {
      kind: "ManagedIdentity",
      spec: { subject: [{ serviceAccount: "orders" }] },
      warns: ['Without effect: spec.subject: unknown field. Did you mean "subjects"?'],
    },
  ])("$kind: $warns", async ({ kind, spec, warns }) => {
    const metadata = kind.startsWith("Cluster") ? { name: "it" } : { name: "it", namespace: "shop" };
    const object = { apiVersion: "lanyard.dev/v1alpha1", kind, metadata, spec };
    const decision = await reviewed(kind, spec, { object });
    expect(decision).toMatchObject({ kind: "allowed", warnings: warns.map((sentence) => ({ sentence })) });
  });

  test("of a thousand subjects that are missing, five are told", async () => {
    const subjects = Array.from({ length: 1000 }, (_, at) => ({ serviceAccount: `missing-${at}` }));
    expect(await reviewed("ManagedIdentity", { subjects })).toMatchObject({ warnings: { length: 5 } });
  });
});

describe("whether a name of another namespace is taken is not told", () => {
  const names = [{ name: "orders" }, { name: "ordres" }];
  test.each(names)("ServiceAccount $name of shop, to an identity of analytics", async ({ name }) => {
    const spec = { subjects: [{ serviceAccount: name, namespace: "shop" }] };
    expect(await reviewed("ManagedIdentity", spec, of("ManagedIdentity", spec, "analytics"))).toMatchObject(silence);
  });

  test.each(names)("ManagedIdentity $name of shop, to an assignment of analytics", async ({ name }) => {
    const spec = { principal: { managedIdentity: name, namespace: "shop" }, roleDefinition: "secrets-reader" };
    expect(await reviewed("RoleAssignment", spec, of("RoleAssignment", spec, "analytics"))).toMatchObject(silence);
  });

  test.each(names)("ManagedIdentity $name of shop, to an assignment of the cluster", async ({ name }) => {
    const principal = { managedIdentity: name, namespace: "shop" };
    const spec = { principal, roleDefinition: "secrets-reader", scope: "/" };
    const asked = of("ClusterRoleAssignment", spec, "");
    expect(await reviewed("ClusterRoleAssignment", spec, asked)).toMatchObject(silence);
  });

  test("one's own namespace may be written out", async () => {
    const spec = { subjects: [{ serviceAccount: "ordres", namespace: "shop" }] };
    expect(await reviewed("ManagedIdentity", spec)).toMatchObject({ warnings: [{ code: "ReferenceNotFound" }] });
  });

  test("many foreign names hide none of one's own", async () => {
    const foreign = Array.from({ length: 9 }, (_, at) => ({ serviceAccount: `it-${at}`, namespace: "analytics" }));
    const subjects = [...foreign, { serviceAccount: "ordres" }];
    expect(await reviewed("ManagedIdentity", { subjects })).toMatchObject({ warnings: [{}] });
  });

  const silence = { kind: "allowed", warnings: [] };

  function of(kind: string, spec: unknown, namespace: string): Partial<AdmissionRequest> {
    const metadata = namespace === "" ? { name: "it" } : { name: "it", namespace };
    return { namespace, object: { apiVersion: "lanyard.dev/v1alpha1", kind, metadata, spec } };
  }
});

describe("what passes without a look", () => {
  const broken = { subjects: "nobody" };
  test.each<{ what: string; more: Partial<AdmissionRequest> }>([
    { what: "another kind", more: { kind: { group: "", version: "v1", kind: "Pod" } } },
    { what: "a kind of a newer version", more: { kind: { group: "lanyard.dev", version: "v1alpha1", kind: "Audit" } } },
    { what: "a subresource", more: { subResource: "status" } },
    { what: "a deletion", more: { operation: "DELETE" } },
    { what: "an update that leaves the spec as it is", more: { operation: "UPDATE", oldObject: { spec: broken } } },
  ])("$what", async ({ more }) => {
    expect(await reviewed("ManagedIdentity", broken, more)).toMatchObject({ kind: "allowed", warnings: [] });
  });
});

test("before the cluster has been read, an object is judged by itself", () => {
  const spec = { subjects: [{ serviceAccount: "ordres" }] };
  expect(reviewResource(request("ManagedIdentity", spec), undefined, now)).toMatchObject({
    kind: "allowed",
    warnings: [],
  });
  expect(reviewResource(request("ManagedIdentity", { subjects: [{}] }), undefined, now)).toMatchObject({
    kind: "denied",
  });
});
