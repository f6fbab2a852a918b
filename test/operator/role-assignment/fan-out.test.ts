import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { deployments, managedIdentities, roleDefinitions, serviceAccounts } from "../../../kube/kinds.ts";
import { nameOf, objectText } from "../../../operator/object-name.ts";
import { onAffectedAssignment } from "../../../operator/role-assignment/fan-out.ts";
import { startWatches } from "../../../operator/watches.ts";
import { settle } from "../../support/fake-clock.ts";
import { Cluster } from "../cluster.ts";

const log = { info() {}, warn() {}, error() {} };
const orders = { managedIdentity: "orders", namespace: "shop" };
const billing = { managedIdentity: "billing", namespace: "shop" };
const web = { workload: { kind: "Deployment", name: "web" }, namespace: "shop" };

describe("one event makes the operator look again at", () => {
  let cluster: Cluster;
  let affected: Set<string>;

  beforeEach(async () => {
    cluster = await Cluster.withoutOperator();
    await cluster.role("reader");
    await cluster.assignment("payments/by-orders", { principal: orders });
    await cluster.assignment("payments/by-billing", { principal: billing, resource: "vault" });
    await cluster.assignment("payments/by-web", { principal: web, roleDefinition: "writer" });
    const watches = startWatches({ api: cluster.api, clock: cluster.clock, log });
    onTestFinished(async () => void (await watches.stop()));
    await watches.synced;
    affected = new Set();
    onAffectedAssignment(watches, (assignment) => affected.add(objectText(nameOf(assignment))));
    affected.clear();
  });

  test.each<[string, (cluster: Cluster) => Promise<unknown>, readonly string[]]>([
    ["an identity: those that name it", () => cluster.identity("shop/orders"), ["by-orders"]],
    ["an identity of another namespace: none", () => cluster.identity("payments/orders"), []],
    ["a workload: those that name it", () => cluster.workload(deployments, "shop/web"), ["by-web"]],
    ["a role: those that give it", () => cluster.role("writer"), ["by-web"]],
    [
      "a role that goes: those that gave it",
      () => cluster.delete(roleDefinitions, "reader"),
      ["by-billing", "by-orders"],
    ],
    ["a resource: those that are on it", () => cluster.resource("payments/vault", "a"), ["by-billing"]],
    ["a resource of another namespace: none", () => cluster.resource("shop/vault", "a"), []],
    ["an assignment: itself", () => cluster.assignment("payments/new"), ["new"]],
    ["what no assignment names: none", () => cluster.apply(serviceAccounts, "shop/orders"), []],
  ])("%s", async (_what, happen, names) => {
    await happen(cluster);
    await settle();
    expect([...affected].sort()).toEqual(names.map((name) => `RoleAssignment payments/${name}`));
  });

  test("a label on an identity: none", async () => {
    await cluster.identity("shop/orders");
    await settle();
    affected.clear();
    await cluster.apply(managedIdentities, "shop/orders", { spec: { type: "UserAssigned", disabled: true } });
    await settle();
    expect([...affected]).toEqual([]);
  });
});
