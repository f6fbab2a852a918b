import { expect, test } from "vitest";
import type { Kind } from "../../kube/kind.ts";
import { roleAssignments, tokenRevocations } from "../../kube/kinds.ts";
import { Cluster, kindsWithRbac } from "./cluster.ts";

const principal = { managedIdentity: "orders", namespace: "shop" };
const inTenYears = { principal, roleDefinition: "reader", expiresAt: "2036-11-20T12:00:00Z" };

interface Case {
  readonly kind: Kind;
  readonly spec: object;
  /** One of each controller that waits for it. */
  readonly timers: number;
}

test.each<Case>([
  { kind: roleAssignments, spec: inTenYears, timers: 2 },
  { kind: tokenRevocations, spec: { tokenId: "5f2b" }, timers: 1 },
])("nothing waits for the end of a $kind.kind that was deleted", async ({ kind, spec, timers }) => {
  const cluster = await Cluster.withOperator(kindsWithRbac);
  await cluster.identity("shop/orders");
  await cluster.role("reader");
  await cluster.converge();
  const before = cluster.clock.pending;
  await cluster.apply(kind, "shop/it", { spec });
  await cluster.converge();
  expect(cluster.clock.pending).toBe(before + timers);
  await cluster.delete(kind, "shop/it");
  await cluster.converge();
  expect(cluster.clock.pending).toBe(before);
});

test("nothing waits for the end of a RoleAssignment that has none any more", async () => {
  const cluster = await Cluster.withOperator(kindsWithRbac);
  await cluster.converge();
  const before = cluster.clock.pending;
  await cluster.assignment("shop/it", inTenYears);
  await cluster.converge();
  await cluster.assignment("shop/it");
  await cluster.converge();
  expect(cluster.clock.pending).toBe(before);
});
