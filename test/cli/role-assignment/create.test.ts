import { describe, expect, test } from "vitest";
import { createAssignment } from "../../../cli/role-assignment/create.ts";
import type { CreateOptions } from "../../../cli/role-assignment/new-assignment.ts";
import { clusterRoleAssignments, roleAssignments } from "../../../kube/kinds.ts";
import type { World } from "../../support/world.ts";
import { accessWorld } from "../access/access-world.ts";
import type { Forbids } from "../cluster/limited-api.ts";
import { answered, testSession } from "../cluster/test-session.ts";
import { operated } from "./operated-world.ts";

const wanted = {
  assignee: "shop/orders",
  role: "secrets-reader",
  resource: "payments/other-vault",
  wait: true,
  timeout: 30,
};

function create(
  world: World,
  changes: Partial<CreateOptions> & { dryRun?: true; wait?: boolean } = {},
  forbids?: Forbids,
) {
  const session = testSession(world, forbids);
  const answer = answered(createAssignment({ ...wanted, ...changes }, session), world.clock);
  return { session, answer };
}

describe("role-assignment create", () => {
  test("writes the assignment where the target lives, and waits until it is in force", async () => {
    const world = await operated(await accessWorld());
    const { session, answer } = create(world);
    expect(await answer).toMatchObject({
      code: 0,
      text: "RoleAssignment payments/shop-orders-secrets-reader-other-vault created. It is in force.",
      data: { ready: { status: "True" } },
    });
    expect(session.said).toEqual(["Waiting for the operator to look at it."]);
    const key = { namespace: "payments", name: "shop-orders-secrets-reader-other-vault" };
    expect((await world.api.get(roleAssignments, key)).spec).toEqual({
      principal: { managedIdentity: "orders", namespace: "shop" },
      roleDefinition: "secrets-reader",
      resource: "other-vault",
    });
  });

  test("of one that differs in its end alone says how to have another end", async () => {
    const world = await operated(await accessWorld());
    expect((await create(world, { expiresIn: "8h" }).answer).code).toBe(0);
    await expect(create(world, { expiresIn: "9h" }).answer).rejects.toMatchObject({
      name: "UsageError",
      message: expect.stringMatching(
        /exists and ends at .*\n\n {2}kubectl patch -n payments roleassignments\.lanyard\.dev\/shop-orders-secrets-reader-other-vault --type=merge -p '\{"spec":\{"expiresAt":"[^"]+"\}\}'$/,
      ),
    });
    const other = create(world, { expiresIn: "9h", condition: "true" }).answer;
    await expect(other).rejects.toMatchObject({ message: expect.stringContaining("choose another --name") });
  });

  test.each([
    { expiresIn: "2m", notes: 1 },
    { expiresIn: "10m", notes: 0 },
  ])("that ends in $expiresIn is said to be in no token: $notes", async ({ expiresIn, notes }) => {
    const answer = await create(await operated(await accessWorld()), { expiresIn }).answer;
    expect(answer.notes?.filter((note) => note.includes("No token will have this role"))).toHaveLength(notes);
  });

  test("is for the whole cluster at scope /", async () => {
    const world = await operated(await accessWorld());
    const { resource: _, ...rest } = wanted;
    const session = testSession(world);
    await answered(createAssignment({ ...rest, scope: "/", name: "ops" }, session), world.clock);
    expect((await world.api.get(clusterRoleAssignments, { name: "ops" })).spec.scope).toBe("/");
  });

  test("made twice is one", async () => {
    const world = await operated(await accessWorld());
    await create(world).answer;
    expect(await create(world).answer).toMatchObject({
      code: 0,
      text: "RoleAssignment payments/shop-orders-secrets-reader-other-vault was there already. It is in force.",
    });
  });

  test("writes nothing with --dry-run, and prints what it would", async () => {
    const world = await accessWorld();
    const before = (await world.api.list(roleAssignments)).items.length;
    const { text, data } = await create(world, { dryRun: true, expiresIn: "30d" }).answer;
    expect(text).toContain("kind: RoleAssignment");
    expect(data).toMatchObject({ spec: { expiresAt: "2026-12-21T12:00:00Z" } });
    expect((await world.api.list(roleAssignments)).items).toHaveLength(before);
  });

  test("says that nobody looks at it when the operator does not run", async () => {
    const { code, text } = await create(await accessWorld()).answer;
    expect(code).toBe(1);
    expect(text).toContain("the operator has not looked at it. Is it running?");
  });

  test("does not wait with --wait=false", async () => {
    expect((await create(await accessWorld(), { wait: false }).answer).code).toBe(0);
  });

  test("of one that begins later is fine when it waits for that", async () => {
    const world = await operated(await accessWorld());
    const { code, text } = await create(world, { notBefore: "2026-12-01T00:00:00Z" }).answer;
    expect({ code, text }).toMatchObject({ code: 0, text: expect.stringContaining("begins at 2026-12-01T00:00:00Z") });
  });

  test("explains for want of which right it was refused", async () => {
    const { code, notes } = await create(await accessWorld(), {}, (verb) => verb === "create").answer;
    expect(code).toBe(1);
    expect(notes?.join("\n")).toBe(`You may not create roleassignments.lanyard.dev in namespace payments.
Ask an administrator of the cluster for a Role in payments with the rule:
  - apiGroups: ["lanyard.dev"]
    resources: ["roleassignments"]
    verbs: ["create"]`);
  });

  test("goes on for whoever may not see the principal, and says that it was not checked", async () => {
    const { code, notes } = await create(
      await accessWorld(),
      { wait: false },
      (_, plural) => plural === "managedidentities",
    ).answer;
    expect(code).toBe(0);
    expect(notes).toEqual([expect.stringContaining("you may not see whether shop/orders exists")]);
  });

  test.each([
    { changes: { role: "secret-reader" }, says: 'Did you mean "secrets-reader"? Roles: contributor, secrets-reader.' },
    { changes: { assignee: "shop/order" }, says: 'Did you mean "shop/orders"?' },
    { changes: { resource: "payments/other-valt" }, says: 'Did you mean "payments/other-vault"?' },
    { changes: { scope: "/" }, says: "not both" },
    { changes: { expiresAt: "2026-11-21T11:59:59Z" }, says: "is in the past" },
    { changes: { expiresAt: "tomorrow" }, says: "is no time" },
    { changes: { expiresIn: "soon" }, says: "is no duration" },
    { changes: { expiresIn: "1h", expiresAt: "2027-01-01T00:00:00Z" }, says: "give one of them" },
    { changes: { notBefore: "2027-01-01T00:00:00Z", expiresIn: "1h" }, says: "is not before the end" },
    { changes: { condition: "pod.namspace == 'shop'" }, says: "--condition, line 1, column" },
    { changes: { name: "Not A Name" }, says: "metadata.name" },
  ])("is wrong use: $changes", async ({ changes, says }) => {
    const message = expect.stringContaining(says);
    await expect(create(await accessWorld(), changes).answer).rejects.toMatchObject({ name: "UsageError", message });
  });

  test("gives nothing on all of a namespace by leaving something out", async () => {
    const { resource: _, ...rest } = wanted;
    const world = await accessWorld();
    await expect(createAssignment(rest, testSession(world))).rejects.toThrow("on what?");
    const { data } = await createAssignment({ ...rest, namespace: "payments", dryRun: true }, testSession(world));
    expect(data).toMatchObject({ metadata: { namespace: "payments" }, spec: { roleDefinition: "secrets-reader" } });
  });
});
