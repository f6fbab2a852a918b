import { describe, expect, test } from "vitest";
import { roleAssignments } from "../../../kube/kinds.ts";
import { RBAC_GROUP, roleBindings } from "../../../kube/rbac-kinds.ts";
import { StatusError, type StatusReason } from "../../../kube/status-error.ts";
import { conditionOf } from "../builders.ts";
import type { Cluster } from "../cluster.ts";
import { bindingOfReads, bindings, reasonsOn, said, toOrders, withViewer } from "./access.ts";

const roleRef = { apiGroup: RBAC_GROUP, kind: "ClusterRole", name: "view" };
const mallory = [{ kind: "User", apiGroup: RBAC_GROUP, name: "mallory" }];

async function withReads(): Promise<Cluster> {
  const cluster = await withViewer();
  await cluster.assignment("payments/reads", toOrders);
  return cluster;
}

describe("a binding that somebody", () => {
  test.each<[string, (cluster: Cluster) => Promise<unknown>]>([
    ["deleted", (cluster) => cluster.delete(roleBindings, bindingOfReads)],
    ["gave to another user", (cluster) => cluster.apply(roleBindings, bindingOfReads, { subjects: mallory, roleRef })],
    [
      "made again with another role",
      async (cluster) => {
        const own = (await cluster.get(roleBindings, bindingOfReads)).metadata;
        await cluster.api.delete(roleBindings, { namespace: "payments", name: own.name });
        const admin = { ...roleRef, name: "cluster-admin" };
        await cluster.apply(
          roleBindings,
          bindingOfReads,
          { subjects: mallory, roleRef: admin },
          { labels: own.labels },
        );
      },
    ],
    [
      "took the label off",
      (cluster) =>
        cluster.apply(roleBindings, bindingOfReads, {}, { labels: { "app.kubernetes.io/managed-by": "me" } }),
    ],
  ])("%s is put back, with an Event on the assignment", async (_what, tamper) => {
    const cluster = await withReads();
    const before = await bindings(cluster);
    await tamper(cluster);
    expect(await bindings(cluster)).toEqual(before);
    expect((await cluster.get(roleBindings, bindingOfReads)).metadata.labels).toMatchObject({
      "app.kubernetes.io/managed-by": "lanyard",
    });
    expect(await reasonsOn(cluster, "payments/reads")).toEqual(["BindingRestored"]);
    expect(await said(cluster, "Ready")).toBe("True Ready");
  });

  test("deleted while no operator ran is put back at the next start, with an Event", async () => {
    const cluster = await withReads();
    const before = await bindings(cluster);
    await cluster.stopOperator();
    await cluster.delete(roleBindings, bindingOfReads);
    await cluster.startOperator();
    expect(await bindings(cluster)).toEqual(before);
    expect(await reasonsOn(cluster, "payments/reads")).toEqual(["BindingRestored"]);
  });

  describe("took both marks off", () => {
    /** As an edit leaves it that removes label and owner at once, and keeps whom it binds, with somebody besides. */
    async function stripped(): Promise<Cluster> {
      const cluster = await withReads();
      const { subjects = [], roleRef: to } = await cluster.get(roleBindings, bindingOfReads);
      await cluster.stopOperator();
      await cluster.delete(roleBindings, bindingOfReads);
      await cluster.apply(roleBindings, bindingOfReads, { subjects: [...subjects, ...mallory], roleRef: to });
      return cluster;
    }

    test("is put back, with an Event on the assignment", async () => {
      const cluster = await stripped();
      await cluster.startOperator();
      const { metadata, subjects } = await cluster.get(roleBindings, bindingOfReads);
      expect(metadata.labels).toMatchObject({ "app.kubernetes.io/managed-by": "lanyard" });
      expect(metadata.ownerReferences).toMatchObject([{ kind: "RoleAssignment", name: "reads" }]);
      expect(subjects).toHaveLength(1);
      expect(await reasonsOn(cluster, "payments/reads")).toEqual(["BindingRestored"]);
    });

    test("goes with its assignment", async () => {
      const cluster = await stripped();
      await cluster.delete(roleAssignments, "payments/reads");
      await cluster.startOperator();
      expect(await bindings(cluster)).toEqual([]);
    });
  });

  test("labelled besides is left alone", async () => {
    const cluster = await withReads();
    await cluster.apply(roleBindings, bindingOfReads, {}, { labels: { team: "a" } });
    expect((await cluster.get(roleBindings, bindingOfReads)).metadata.labels).toMatchObject({ team: "a" });
    expect(await reasonsOn(cluster, "payments/reads")).toEqual([]);
  });
});

describe("a binding that is not ours", () => {
  const foreign = { subjects: mallory, roleRef };

  test.each([
    ["of a name that no assignment could have", "payments/readers", { "app.kubernetes.io/managed-by": "lanyard" }],
    ["of such a name, without our marks", "payments/lanyard.role-assignment.gone", {}],
  ])("%s is left alone", async (_which, name, labels) => {
    const cluster = await withReads();
    await cluster.apply(roleBindings, name, foreign, { labels });
    await cluster.startOperator();
    expect((await cluster.get(roleBindings, name)).subjects).toEqual(mallory);
  });

  test("in the place of one of ours is left alone, and the assignment says so", async () => {
    const cluster = await withViewer();
    await cluster.apply(roleBindings, bindingOfReads, foreign);
    await cluster.assignment("payments/reads", toOrders);
    expect((await cluster.get(roleBindings, bindingOfReads)).subjects).toEqual(mallory);
    expect(await said(cluster, "Ready")).toBe("False BindingNameTaken");
    expect(await reasonsOn(cluster, "payments/reads")).toEqual(["BindingNameTaken"]);

    await cluster.delete(roleBindings, bindingOfReads);
    expect(await said(cluster, "Ready")).toBe("True Ready");
  });
});

describe("when the API server refuses the binding", () => {
  const refusing = (reason: StatusReason) => {
    const state = { refuses: true };
    const fail = (write: string): Error | undefined =>
      state.refuses && write.startsWith("apply RoleBinding") ? new StatusError(reason, "refused") : undefined;
    return { state, fail };
  };

  test.each<[StatusReason, string]>([
    ["Forbidden", "KubernetesRoleForbidden"],
    ["NotFound", "KubernetesRoleNotFound"],
  ])("with %s the assignment says %s once, and is tried again each minute", async (reason, code) => {
    const cluster = await withViewer();
    const { state, fail } = refusing(reason);
    const { errors } = await cluster.startOperator(fail);
    await cluster.assignment("payments/reads", toOrders);
    await cluster.advance(180_000);
    expect(await said(cluster, "KubernetesRoleBound")).toBe(`False ${code}`);
    expect(await said(cluster, "Ready")).toBe(`False ${code}`);
    expect(await reasonsOn(cluster, "payments/reads")).toEqual([code]);
    expect(errors).toEqual([]);

    state.refuses = false;
    await cluster.advance(60_000);
    expect(await bindings(cluster)).toHaveLength(1);
    expect(await said(cluster, "Ready")).toBe("True Ready");
  });

  test("the sentence names the right that is missing", async () => {
    const cluster = await withViewer();
    await cluster.startOperator(refusing("Forbidden").fail);
    await cluster.assignment("payments/reads", toOrders);
    const { status } = await cluster.get(roleAssignments, "payments/reads");
    expect(conditionOf(status, "Ready")?.message).toBe(
      `The API server does not let the operator make RoleBinding ${bindingOfReads}: give it the verb "bind" on ClusterRole view, with the chart value operator.kubernetesRoles.`,
    );
  });

  test("for a reason that time may mend, it is tried again as any write", async () => {
    const cluster = await withViewer();
    const { state, fail } = refusing("ServiceUnavailable");
    const { errors } = await cluster.startOperator(fail);
    await cluster.assignment("payments/reads", toOrders);
    expect(errors).not.toEqual([]);
    state.refuses = false;
    await cluster.advance(60_000);
    expect(await bindings(cluster)).toHaveLength(1);
  });
});
