import { describe, expect, test } from "vitest";
import { listAnswer } from "../../../cli/role-assignment/format-list.ts";
import { type ListOptions, listAssignments } from "../../../cli/role-assignment/list.ts";
import { managedIdentities } from "../../../kube/kinds.ts";
import type { World } from "../../support/world.ts";
import { accessWorld, assign } from "../access/access-world.ts";
import { adminOf, type Forbids } from "../cluster/limited-api.ts";
import { testSession } from "../cluster/test-session.ts";

async function list(world: World, options: ListOptions, forbids?: Forbids) {
  const session = testSession(world, forbids);
  return listAnswer(await listAssignments(options, session), session);
}

/** The columns before the name of the assignment, by that name. */
async function states(world: World, options: ListOptions): Promise<Record<string, string[]>> {
  const { text } = await list(world, options);
  const rows = text
    .split("\n")
    .slice(1)
    .map((line) => line.split(/ {3,}/));
  return Object.fromEntries(rows.map((cells) => [cells[5], cells.slice(0, 4)]));
}

describe("role-assignment list", () => {
  test("of a resource is its own access page: who has what, from where, in which state", async () => {
    const world = await accessWorld();
    const { metadata } = await world.api.get(managedIdentities, { namespace: "shop", name: "orders" });
    const give = (name: string, more: object, principal: string = metadata.uid) =>
      assign(
        world,
        `payments/${name}`,
        {
          principal: { managedIdentity: "orders", namespace: "shop" },
          roleDefinition: "secrets-reader",
          resource: "payments-vault",
          ...more,
        },
        principal,
      );
    await give("ended", { expiresAt: "2026-11-21T11:00:00Z" });
    await give("later", { notBefore: "2026-12-01T00:00:00Z" });
    await give("part", { subresource: "secrets/db" });
    await give("earlier", {}, "3f8a6c1e-52a4-4c11-9d7e-6a2f0c9b1e44");
    expect(await states(world, { resource: "payments/payments-vault" })).toEqual({
      "payments/part": ["shop/orders", "secrets-reader", "payments/payments-vault/secrets/db", "in force"],
      "payments/orders-reads": ["shop/orders", "secrets-reader", "here", "in force"],
      "payments/ended": ["shop/orders", "secrets-reader", "here", "expired"],
      "payments/later": ["shop/orders", "secrets-reader", "here", "begins 2026-12-01T00:00:00Z"],
      "payments/earlier": ["shop/orders", "secrets-reader", "here", "principal gone"],
      "payments/retired-reads": ["shop/retired", "secrets-reader", "namespace payments", "principal disabled"],
      "ClusterRoleAssignment/billing-does-all": ["shop/billing", "contributor", "the cluster", "in force"],
    });
  });

  test("of an identity is all that it has, wherever that is", async () => {
    expect(Object.keys(await states(await accessWorld(), { assignee: "shop/billing" }))).toEqual([
      "ClusterRoleAssignment/billing-does-all",
    ]);
  });

  test("of nothing says how to begin", async () => {
    const { text } = await list(await accessWorld(), { assignee: "shop/Deployment/web" });
    expect(text).toMatch(/^No role assignments. Give a role: lanyard role-assignment create/);
  });

  test("claims nothing where nothing can be read", async () => {
    const forbids: Forbids = (_, plural) => plural !== "managedidentities";
    const { code, text, incomplete } = await list(await accessWorld(), { allNamespaces: true }, forbids);
    expect({ code, text }).toEqual({ code: 2, text: "" });
    expect(incomplete?.join()).toContain("you may not list roleassignments.lanyard.dev in all namespaces");
  });

  test("says what is missing from it, to whoever may not see the cluster's", async () => {
    const { incomplete, data, code } = await list(
      await accessWorld(),
      { resource: "/namespaces/payments" },
      adminOf("payments"),
    );
    expect(code).toBe(2);
    expect(data).toMatchObject({
      unread: expect.arrayContaining([{ verb: "list", resource: "clusterroleassignments" }]),
    });
    expect(incomplete?.join()).toContain("Not complete: you may not list clusterroleassignments.lanyard.dev");
  });
});
