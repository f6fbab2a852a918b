import { describe, expect, test } from "vitest";
import { managedIdentities, namespaces, serviceAccounts } from "../../../kube/kinds.ts";
import { stored } from "../../../kube/stored.ts";
import { kindsWithoutRules } from "../../support/kinds-without-rules.ts";
import { conditionOf } from "../builders.ts";
import { Cluster } from "../cluster.ts";

async function condition(cluster: Cluster, type: string) {
  return conditionOf((await cluster.get(managedIdentities, "shop/orders")).status, type);
}

test("an identity gets its ids", async () => {
  const cluster = await Cluster.withOperator();
  const { metadata } = await cluster.identity("shop/orders");
  const tenant = await cluster.get(namespaces, "kube-system");
  const { status } = await cluster.get(managedIdentities, "shop/orders");
  expect(status).toMatchObject({ principalId: metadata.uid, tenantId: tenant.metadata.uid });
});

describe("a subject that does not exist", () => {
  test("is named, and no more once it is made", async () => {
    const cluster = await Cluster.withOperator();
    await cluster.identity("shop/orders");
    expect(await condition(cluster, "SubjectsFound")).toMatchObject({ status: "False", reason: "SubjectsNotFound" });
    expect((await condition(cluster, "SubjectsFound"))?.message).toContain("ServiceAccount shop/orders");

    await cluster.serviceAccount("shop/orders");
    expect(await condition(cluster, "SubjectsFound")).toMatchObject({ status: "True" });

    await cluster.delete(serviceAccounts, "shop/orders");
    expect(await condition(cluster, "SubjectsFound")).toMatchObject({ status: "False" });
  });

  test("in another namespace is found there", async () => {
    const cluster = await Cluster.withOperator();
    await cluster.identity("shop/orders", { subjects: [{ serviceAccount: "reports", namespace: "analytics" }] });
    await cluster.serviceAccount("shop/reports");
    expect((await condition(cluster, "SubjectsFound"))?.message).toContain("analytics/reports");

    await cluster.serviceAccount("analytics/reports");
    expect(await condition(cluster, "SubjectsFound")).toMatchObject({ status: "True" });
  });

  test("is counted where there are too many to name: a condition has a longest message", async () => {
    const cluster = await Cluster.withOperator();
    const subjects = Array.from({ length: 1000 }, (_, at) => ({ serviceAccount: `${"a".repeat(240)}-${at}` }));
    await cluster.identity("shop/orders", { subjects });
    expect((await condition(cluster, "SubjectsFound"))?.message).toMatch(/-9, 990 more\. Create them/);
  });

  test("does not make the identity unready", async () => {
    const cluster = await Cluster.withOperator();
    await cluster.identity("shop/orders");
    expect(await condition(cluster, "Ready")).toMatchObject({ status: "True" });
  });
});

test("an identity that is being deleted is left as it is", async () => {
  const cluster = await Cluster.withoutOperator();
  const spec = { type: "UserAssigned", disabled: false, subjects: [{ serviceAccount: "orders" }] };
  await cluster.apply(managedIdentities, "shop/orders", { spec }, { finalizers: ["example.com/slow"] });
  await cluster.delete(managedIdentities, "shop/orders");
  const { writes } = await cluster.startOperator();
  await cluster.serviceAccount("shop/orders");
  expect(writes).toEqual([]);
});

test("disabling an identity shows, and the time of the change", async () => {
  const cluster = await Cluster.withOperator();
  await cluster.identity("shop/orders");
  await cluster.advance(60_000);
  await cluster.identity("shop/orders", { subjects: [{ serviceAccount: "orders" }], disabled: true });
  expect(await condition(cluster, "Ready")).toMatchObject({
    status: "False",
    reason: "Disabled",
    observedGeneration: 2,
    lastTransitionTime: "2026-11-21T12:01:00Z",
  });
});

test("an identity whose stored spec breaks a rule says so, keeps its ids, and holds up no other", async () => {
  const cluster = await Cluster.withoutOperator(kindsWithoutRules);
  const { errors } = await cluster.startOperator();
  await cluster.apply(stored(managedIdentities), "shop/broken", { spec: { token: { lifetime: "1y" } } });
  await cluster.identity("shop/orders");

  const broken = await cluster.get(stored(managedIdentities), "shop/broken");
  expect(conditionOf(broken.status, "Ready")).toMatchObject({ status: "False", reason: "Invalid" });
  expect(conditionOf(broken.status, "Ready")?.message).toContain("spec.token.lifetime");
  expect(broken.status?.principalId).toBe(broken.metadata.uid);
  expect(errors).toEqual([]);
  expect(await condition(cluster, "Ready")).toMatchObject({ status: "True" });
});
