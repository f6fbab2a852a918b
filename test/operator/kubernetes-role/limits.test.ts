import { describe, expect, test } from "vitest";
import { bindings, reasonsOn, said, toOrders, withViewer } from "./access.ts";

/** The clock of the tests stands at 12:00. */
const notBefore = "2026-11-21T12:01:00Z";
const expiresAt = "2026-11-21T12:02:00Z";

test("an assignment of a role with kubernetesRole is bound from its beginning to its end", async () => {
  const cluster = await withViewer();
  await cluster.assignment("payments/reads", { ...toOrders, notBefore, expiresAt });
  expect([await bindings(cluster), await said(cluster, "Ready")]).toEqual([[], "False NotYetInForce"]);
  await cluster.advance(60_000);
  expect(await bindings(cluster)).toHaveLength(1);
  expect(await said(cluster, "Ready")).toBe("True Ready");
  await cluster.advance(60_000);
  expect([await bindings(cluster), await said(cluster, "Ready")]).toEqual([[], "False Expired"]);
});

describe("a condition, which RBAC cannot hold to,", () => {
  const conditional = { ...toOrders, condition: 'pod.labels["env"] == "prod"' };

  test("keeps an assignment from being bound, and says so", async () => {
    const cluster = await withViewer();
    await cluster.assignment("payments/reads", conditional);
    expect(await bindings(cluster)).toEqual([]);
    expect(await said(cluster, "KubernetesRoleBound")).toBe("False KubernetesRoleConditional");
    expect(await said(cluster, "Ready")).toBe("False KubernetesRoleConditional");
    expect(await reasonsOn(cluster, "payments/reads")).toEqual(["KubernetesRoleConditional"]);
  });

  test("unbinds an assignment that gets one, and binds it when it is taken away", async () => {
    const cluster = await withViewer();
    await cluster.assignment("payments/reads", toOrders);
    await cluster.assignment("payments/reads", conditional);
    expect(await bindings(cluster)).toEqual([]);
    await cluster.assignment("payments/reads", toOrders);
    expect(await bindings(cluster)).toHaveLength(1);
    expect(await said(cluster, "Ready")).toBe("True Ready");
  });
});

test("a binding goes at the end of its assignment also when its status cannot be written", async () => {
  const cluster = await withViewer();
  await cluster.assignment("payments/reads", { ...toOrders, expiresAt });
  await cluster.startOperator((write) =>
    write === "applyStatus RoleAssignment payments/reads" ? new Error("no") : undefined,
  );
  await cluster.advance(120_000);
  expect([await bindings(cluster), await said(cluster, "Ready")]).toEqual([[], "True Ready"]);
});
