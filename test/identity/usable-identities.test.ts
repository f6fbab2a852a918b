import { describe, expect, test } from "vitest";
import { clientIdOf, principalId } from "../../identity/ids.ts";
import { usableIdentities } from "../../identity/usable-identities.ts";
import { bound, pod, systemAssigned, tenant, userAssigned } from "./builders.ts";

const consentToAnalytics = { subjects: [{ serviceAccount: "reports", namespace: "analytics" }] };
const inAnalytics = { namespace: "analytics", serviceAccount: "reports" };
const deleted = { deletionTimestamp: "2026-11-21T11:59:00Z" };

describe("which identities a pod may use", () => {
  test.each([
    { given: "its ServiceAccount is a subject", identity: userAssigned(), facts: {}, may: true },
    {
      given: "another ServiceAccount is the subject",
      identity: userAssigned(),
      facts: { serviceAccount: "billing" },
      may: false,
    },
    { given: "no subjects", identity: userAssigned({}, { subjects: [] }), facts: {}, may: false },
    {
      given: "subjects left out",
      identity: (({ subjects: _none, ...spec }) => ({ ...userAssigned(), spec }))(userAssigned().spec),
      facts: {},
      may: false,
    },
    {
      given: "the subject is named with the identity's own namespace",
      identity: userAssigned({}, { subjects: [{ serviceAccount: "orders", namespace: "shop" }] }),
      facts: {},
      may: true,
    },
    {
      given: "the same ServiceAccount name in another namespace",
      identity: userAssigned(),
      facts: { namespace: "evil", annotatedIdentity: "shop/orders" },
      may: false,
    },
    {
      given: "another namespace: consent without naming",
      identity: userAssigned({}, consentToAnalytics),
      facts: inAnalytics,
      may: false,
    },
    {
      given: "another namespace: naming without consent",
      identity: userAssigned(),
      facts: { ...inAnalytics, annotatedIdentity: "shop/orders" },
      may: false,
    },
    {
      given: "another namespace: consent and naming",
      identity: userAssigned({}, consentToAnalytics),
      facts: { ...inAnalytics, annotatedIdentity: "shop/orders" },
      may: true,
    },
    {
      given: "another namespace: named without its namespace",
      identity: userAssigned({}, consentToAnalytics),
      facts: { ...inAnalytics, annotatedIdentity: "orders" },
      may: false,
    },
    {
      given: "another namespace: consent to another ServiceAccount there",
      identity: userAssigned({}, consentToAnalytics),
      facts: { ...inAnalytics, serviceAccount: "other", annotatedIdentity: "shop/orders" },
      may: false,
    },
    {
      given: "consent only to another namespace, pod in the owner's",
      identity: userAssigned({}, consentToAnalytics),
      facts: { serviceAccount: "reports" },
      may: false,
    },
    { given: "the identity is being deleted", identity: userAssigned(deleted), facts: {}, may: false },
    {
      given: "a disabled identity is still the pod's",
      identity: userAssigned({}, { disabled: true }),
      facts: {},
      may: true,
    },
    {
      given: "its controller chain has the workload's UID",
      identity: systemAssigned("deployment-uid"),
      facts: { controllerChain: new Set(["pod-uid", "replicaset-uid", "deployment-uid"]) },
      may: true,
    },
    {
      given: "its controller chain has not the workload's UID",
      identity: systemAssigned("deployment-uid"),
      facts: { controllerChain: new Set(["pod-uid", "other-uid"]) },
      may: false,
    },
    {
      given: "the annotation names a system-assigned identity of another workload",
      identity: systemAssigned("deployment-uid"),
      facts: { annotatedIdentity: "shop/web" },
      may: false,
    },
    {
      given: "a workload UID from another namespace",
      identity: systemAssigned("deployment-uid", { namespace: "evil" }),
      facts: { controllerChain: new Set(["deployment-uid"]), annotatedIdentity: "evil/web" },
      may: false,
    },
    {
      given: "a system-assigned identity that is being deleted",
      identity: systemAssigned("deployment-uid", deleted),
      facts: { controllerChain: new Set(["deployment-uid"]) },
      may: false,
    },
  ])("$given: $may", ({ identity, facts, may }) => {
    expect(usableIdentities(pod(facts), [identity], tenant).length > 0).toBe(may);
  });

  test("subjects on a system-assigned identity give nobody a way in, whatever is stored", () => {
    const identity = systemAssigned("deployment-uid");
    const stored = { ...identity, spec: { ...identity.spec, subjects: [{ serviceAccount: "orders" }] } };
    expect(usableIdentities(pod(), [stored], tenant)).toEqual([]);
  });

  test("a workload on a user-assigned identity gives nobody a way in, whatever is stored", () => {
    const { workload } = systemAssigned("deployment-uid").spec;
    const stored = userAssigned({}, { subjects: [], workload });
    expect(usableIdentities(pod({ controllerChain: new Set(["deployment-uid"]) }), [stored], tenant)).toEqual([]);
  });
});

describe("what a pod sees of an identity that it may use", () => {
  test("the ids come from the object's UID, the tenant and the name", () => {
    const identity = userAssigned({ uid: "6f0c1d2e-3b4a-4c5d-8e6f-7a8b9c0d1e2f" });
    expect(bound(identity)).toMatchObject({
      principalId: "6f0c1d2e-3b4a-4c5d-8e6f-7a8b9c0d1e2f",
      clientId: clientIdOf(principalId("6f0c1d2e-3b4a-4c5d-8e6f-7a8b9c0d1e2f"), tenant),
      resourceId: "/namespaces/shop/managedIdentities/orders",
    });
  });

  test.each([
    { annotatedIdentity: "orders", annotated: true },
    { annotatedIdentity: "shop/orders", annotated: true },
    { annotatedIdentity: "shop/billing", annotated: false },
    { annotatedIdentity: "/orders", annotated: false },
    { annotatedIdentity: "SHOP/orders", annotated: false },
    { annotatedIdentity: "", annotated: false },
  ])("annotation $annotatedIdentity names shop/orders: $annotated", ({ annotatedIdentity, annotated }) => {
    expect(bound(userAssigned(), { annotatedIdentity }).annotated).toBe(annotated);
  });
});
