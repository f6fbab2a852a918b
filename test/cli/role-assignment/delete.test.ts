import { describe, expect, test } from "vitest";
import { type DeleteOptions, deleteAssignment, deleteAssignments } from "../../../cli/role-assignment/delete.ts";
import { clusterRoleAssignments, managedIdentities, roleAssignments } from "../../../kube/kinds.ts";
import type { World } from "../../support/world.ts";
import { accessWorld, assign } from "../access/access-world.ts";
import { testSession } from "../cluster/test-session.ts";

const remove = (world: World, name: string | undefined, options: DeleteOptions = {}) =>
  deleteAssignments(name, options, testSession(world));
const namesIn = async (world: World): Promise<string[]> =>
  [...(await world.api.list(roleAssignments)).items, ...(await world.api.list(clusterRoleAssignments)).items].map(
    ({ metadata }) => metadata.name,
  );

describe("role-assignment delete", () => {
  test.each<{ by: string; name?: string; options?: DeleteOptions }>([
    { by: "name", name: "payments/orders-reads" },
    {
      by: "who has what on which resource",
      options: { assignee: "shop/orders", role: "secrets-reader", resource: "payments/payments-vault" },
    },
    {
      by: "who has what at which scope",
      options: {
        assignee: "shop/orders",
        role: "secrets-reader",
        scope: "/namespaces/payments/resources/payments-vault",
      },
    },
  ])("by $by takes away that one alone", async ({ name, options }) => {
    const world = await accessWorld();
    const { text } = await remove(world, name, options);
    expect(text).toBe("RoleAssignment payments/orders-reads deleted.");
    expect((await namesIn(world)).sort()).toEqual(["billing-does-all", "retired-reads"]);
  });

  test("of a ClusterRoleAssignment", async () => {
    const world = await accessWorld();
    await remove(world, "clusterroleassignment/billing-does-all");
    expect(await namesIn(world)).not.toContain("billing-does-all");
  });

  test("says what is still given by another way", async () => {
    const world = await accessWorld();
    await world.assignment("payments/orders-reads-all", { to: "shop/orders", role: "secrets-reader" });
    expect((await remove(world, "payments/orders-reads")).notes).toEqual([
      "Still given: shop/orders has secrets-reader there through RoleAssignment payments/orders-reads-all.",
    ]);
  });

  test("says that it may be given by another way where that cannot be read, once", async () => {
    const world = await accessWorld();
    await assign(
      world,
      "payments/orders-reads-too",
      {
        ...{ principal: { managedIdentity: "orders", namespace: "shop" }, roleDefinition: "secrets-reader" },
        resource: "payments-vault",
      },
      (await world.api.get(managedIdentities, { namespace: "shop", name: "orders" })).metadata.uid,
    );
    const asked = { assignee: "shop/orders", role: "secrets-reader", resource: "payments/payments-vault" };
    const session = testSession(world, (_, plural) => plural === "clusterroleassignments");
    const { text, notes } = await deleteAssignments(undefined, asked, session);
    expect(text.split("\n")).toHaveLength(2);
    expect(notes).toEqual([
      expect.stringContaining("you may not list clusterroleassignments.lanyard.dev, so it may still be given there"),
    ]);
  });

  test("says what was deleted when the cluster refuses another", async () => {
    const world = await accessWorld();
    const principal = { managedIdentity: "orders", namespace: "shop" };
    const { uid } = (await world.api.get(managedIdentities, { namespace: "shop", name: "orders" })).metadata;
    const spec = { principal, roleDefinition: "secrets-reader", resource: "payments-vault" };
    await assign(world, "payments/orders-reads-too", spec, uid);
    let deletions = 0;
    const session = testSession(world, (verb) => verb === "delete" && ++deletions > 1);
    const asked = { assignee: "shop/orders", role: "secrets-reader", resource: "payments/payments-vault" };
    const { code, text, data, notes } = await deleteAssignments(undefined, asked, session);
    expect(code).toBe(1);
    expect(text).toBe("RoleAssignment payments/orders-reads deleted.");
    expect(data).toMatchObject({ deleted: [{ name: "orders-reads" }], notDeleted: [{ name: "orders-reads-too" }] });
    expect(notes?.join()).toContain("RoleAssignment payments/orders-reads-too is not deleted: You may not delete");
    expect((await namesIn(world)).sort()).toEqual(["billing-does-all", "orders-reads-too", "retired-reads"]);
  });

  test.each([
    { name: "payments/nothing", options: {}, says: "there is no role assignment payments/nothing" },
    { name: undefined, options: { assignee: "shop/orders" }, says: "name an assignment, or give --assignee, --role" },
    {
      name: undefined,
      options: { assignee: "shop/billing", role: "contributor", resource: "payments/payments-vault" },
      says: "ClusterRoleAssignment/billing-does-all gives it there: delete that by its name",
    },
  ])("is wrong use: $name $options", async ({ name, options, says }) => {
    const world = await accessWorld();
    const before = await namesIn(world);
    await expect(remove(world, name, options)).rejects.toThrow(says);
    expect(await namesIn(world)).toEqual(before);
  });
});

test("one that was made again in between is not the one that was looked at", async () => {
  const world = await accessWorld();
  const looked = await world.api.get(roleAssignments, { namespace: "payments", name: "orders-reads" });
  const earlier = { ...looked, metadata: { ...looked.metadata, uid: "an-earlier-one" } };
  await expect(deleteAssignment(earlier, world)).rejects.toMatchObject({ reason: "Conflict" });
});
