import { describe, expect, test } from "vitest";
import { clientIdOf, principalId } from "../../../identity/ids.ts";
import type { ManagedIdentity } from "../../../identity/managed-identity.ts";
import type { Stored } from "../../../kube/stored.ts";
import { reconcileManagedIdentity } from "../../../operator/managed-identity/reconcile.ts";
import { systemAssigned, tenant, userAssigned } from "../../identity/builders.ts";
import { conditionOf, unusable } from "../builders.ts";

const now = new Date("2026-11-21T12:00:00.400Z");
const later = new Date("2026-11-21T13:00:00Z");
const uid = "6f0c1d2e-3b4a-4c5d-8e6f-7a8b9c0d1e2f";

function reconciled(identity: Stored<ManagedIdentity>, missingSubjects: readonly string[] = [], at = now) {
  return reconcileManagedIdentity({ identity, missingSubjects, namespaceUids: new Map(), tenant }, at);
}

test("the ids of an identity follow from its UID, its name and the tenant", () => {
  expect(reconciled(userAssigned({ uid }))).toMatchObject({
    principalId: uid,
    clientId: clientIdOf(principalId(uid), tenant),
    tenantId: tenant,
    resourceId: "/namespaces/shop/managedIdentities/orders",
  });
});

describe("an identity is ready", () => {
  test.each<[string, Stored<ManagedIdentity>, "True" | "False", string]>([
    ["when it has a subject", userAssigned(), "True", "Ready"],
    ["when it is a workload's own", systemAssigned("web-uid"), "True", "Ready"],
    ["not while it is disabled", userAssigned({}, { disabled: true }), "False", "Disabled"],
    ["not with an empty list of subjects", userAssigned({}, { subjects: [] }), "False", "NoSubjects"],
    ["not without a list of subjects", userAssigned({}, { subjects: undefined }), "False", "NoSubjects"],
    ["not when what is stored breaks a rule", unusable(userAssigned()), "False", "Invalid"],
  ])("%s", (_when, identity, status, reason) => {
    expect(conditionOf(reconciled(identity), "Ready")).toMatchObject({ status, reason });
  });

  test("though one of its subjects is missing", () => {
    expect(conditionOf(reconciled(userAssigned(), ["shop/orders"]), "Ready")).toMatchObject({ status: "True" });
  });
});

describe("SubjectsFound", () => {
  test("names each ServiceAccount that does not exist", () => {
    const condition = conditionOf(reconciled(userAssigned(), ["shop/orders", "analytics/reports"]), "SubjectsFound");
    expect(condition).toMatchObject({ status: "False", reason: "SubjectsNotFound" });
    expect(condition?.message).toContain("shop/orders, analytics/reports");
  });

  test("holds when all exist", () => {
    expect(conditionOf(reconciled(userAssigned()), "SubjectsFound")).toMatchObject({ status: "True" });
  });

  test("is not said of a system-assigned identity, which has none", () => {
    expect(conditionOf(reconciled(systemAssigned("web-uid")), "SubjectsFound")).toBeUndefined();
  });
});

describe("the time of a condition", () => {
  const before = { ...userAssigned(), status: reconciled(userAssigned()) };

  test("stays while its status stays, in whole seconds", () => {
    expect(conditionOf(reconciled(before, [], later), "Ready")?.lastTransitionTime).toBe("2026-11-21T12:00:00Z");
  });

  test("moves when its status changes", () => {
    const status = reconciled(before, ["shop/orders"], later);
    expect(conditionOf(status, "SubjectsFound")?.lastTransitionTime).toBe("2026-11-21T13:00:00Z");
    expect(conditionOf(status, "Ready")?.lastTransitionTime).toBe("2026-11-21T12:00:00Z");
  });
});

test("a condition names the generation that it was computed from", () => {
  const identity = userAssigned();
  const edited = { ...identity, metadata: { ...identity.metadata, generation: 7 } };
  expect(conditionOf(reconciled(edited), "Ready")?.observedGeneration).toBe(7);
});
