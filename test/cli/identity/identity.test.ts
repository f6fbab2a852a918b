import { describe, expect, test } from "vitest";
import { turnOn } from "../../../cli/identity/annotate-workload.ts";
import { assignIdentity } from "../../../cli/identity/assign.ts";
import { findWorkload } from "../../../cli/identity/find-workload.ts";
import { listIdentities } from "../../../cli/identity/list.ts";
import { removeIdentity } from "../../../cli/identity/remove.ts";
import { showIdentity } from "../../../cli/identity/show.ts";
import { annotations } from "../../../identity/names.ts";
import { deployments, managedIdentities, roleAssignments } from "../../../kube/kinds.ts";
import { isStatus } from "../../../kube/status-error.ts";
import { World } from "../../support/world.ts";
import { accessWorld } from "../access/access-world.ts";
import { adminOf, type Forbids } from "../cluster/limited-api.ts";
import { answered, testSession } from "../cluster/test-session.ts";
import { operated } from "../role-assignment/operated-world.ts";

async function withDeployment(): Promise<World> {
  const world = await World.create();
  await world.namespace("shop");
  await world.deployment("shop/web");
  return world;
}

const assign = (world: World, workload: string) => {
  const session = testSession(world);
  return answered(assignIdentity(workload, { timeout: 30 }, session), world.clock);
};

describe("identity assign", () => {
  test.each(["deployment/web", "deploy/web", "Deployment/web", "shop/deployments/web"])(
    "turns on the identity of %s, and prints its principal id",
    async (workload) => {
      const world = await operated(await withDeployment());
      const { code, text, data } = await assign(world, workload);
      const [identity] = (await world.api.list(managedIdentities)).items;
      expect(code).toBe(0);
      expect(text).toContain(`Principal id   ${identity?.metadata.uid}`);
      expect(text).toContain("role-assignment create --assignee shop/Deployment/web");
      expect(data).toMatchObject({ principalId: identity?.metadata.uid, clientId: identity?.status?.clientId });
    },
  );

  test("of one that has one says the same again", async () => {
    const world = await operated(await withDeployment());
    expect((await assign(world, "deployment/web")).data).toEqual((await assign(world, "deployment/web")).data);
  });

  test("says that nobody makes it when the operator does not run", async () => {
    const { code, notes } = await assign(await withDeployment(), "deployment/web");
    expect(code).toBe(1);
    expect(notes?.join()).toContain("the operator has not made it yet");
  });

  test.each([
    { workload: "pod/web-7d4b-x2x9z", says: "lanyard identity assign replicaset/web-7d4b -n shop" },
    { workload: "deployment/webb", says: 'there is no Deployment shop/webb. Did you mean "web"?' },
    { workload: "service/web", says: '"service" is no kind of workload' },
    { workload: "web", says: "expected KIND/NAME" },
  ])("is wrong use: $workload", async ({ workload, says }) => {
    await expect(assign(await withDeployment(), workload)).rejects.toThrow(says);
  });
});

test("a workload that is deleted in between is not made again to annotate it", async () => {
  const world = await withDeployment();
  const found = await findWorkload({ namespace: "shop", kind: "Deployment", name: "web" }, world);
  await world.delete(deployments, "shop/web");
  await expect(turnOn(found, world.api)).rejects.toThrow();
  expect((await world.api.list(deployments)).items).toEqual([]);
});

describe("identity show", () => {
  test("says its ids, who may use it, which pods do, and what it may do", async () => {
    const world = await accessWorld();
    await world.pod("shop/orders-1", { serviceAccount: "orders" });
    await world.pod("shop/orders-0", { serviceAccount: "orders", phase: "Succeeded" });
    const { text, data } = await showIdentity("shop/orders", testSession(world));
    expect(text).toMatch(/^Used by {2,}orders$/m);
    expect(text).toMatch(/^Pods now {2,}shop\/orders-1$/m);
    expect(text).toContain("payments/orders-reads");
    expect(data).toMatchObject({
      name: "orders",
      pods: [{ namespace: "shop", name: "orders-1" }],
      assignments: [{ role: "secrets-reader" }],
    });
  });

  test("finds the pods of a workload by their owners", async () => {
    const { text } = await showIdentity("shop/Deployment/web", testSession(await accessWorld()));
    expect(text).toMatch(/^Pods now {2,}shop\/web-7d4b-x2x9z$/m);
  });
});

test("identity list names all, or says how to make one", async () => {
  const world = await accessWorld();
  const { text } = await listIdentities({ allNamespaces: true }, testSession(world));
  expect(text.split("\n").map((line) => line.split(" ")[0])).toEqual([
    ...["IDENTITY", "shop/billing", "shop/deployment-web-0a1b2c3d4e", "shop/orders", "shop/retired"],
  ]);
  const session = { ...testSession(world), namespace: "payments" };
  expect((await listIdentities({}, session)).text).toContain("No identities in namespace payments.");
});

test.each<{ may: string; options: { allNamespaces?: true }; forbids: Forbids; text: RegExp }>([
  { may: "list nothing", options: {}, forbids: () => true, text: /^$/ },
  { may: "list nothing anywhere", options: { allNamespaces: true }, forbids: () => true, text: /^$/ },
  {
    may: "list one namespace",
    options: { allNamespaces: true },
    forbids: adminOf("shop"),
    text: /^IDENTITY .*\nshop\/b/,
  },
])("identity list of somebody who may $may says what is missing, and exits with 2", async (given) => {
  const session = testSession(await accessWorld(), given.forbids);
  const { code, text, incomplete, data } = await listIdentities(given.options, session);
  expect(code).toBe(2);
  expect(text).toMatch(given.text);
  expect(incomplete?.[0]).toMatch(/^Not complete: you may not list managedidentities\.lanyard\.dev in /);
  expect(data).toMatchObject({
    unread: expect.arrayContaining([expect.objectContaining({ verb: "list", resource: "managedidentities" })]),
  });
});

test.each(["pods", "roleassignments", "clusterroleassignments"])(
  "identity show of somebody who may not list %s exits with 2",
  async (plural) => {
    const session = testSession(await accessWorld(), (verb, of) => verb === "list" && of === plural);
    const { code, incomplete } = await showIdentity("shop/orders", session);
    expect(code).toBe(2);
    expect(incomplete?.join()).toContain(`you may not list ${plural}`);
  },
);

describe("identity remove", () => {
  const remove = (world: World, identity: string, options = {}) =>
    removeIdentity(identity, options, testSession(world));
  const exists = (world: World, name: string) =>
    world.api.get(managedIdentities, { namespace: "shop", name }).then(
      () => true,
      (error) => !isStatus(error, "NotFound"),
    );

  test("refuses while assignments are left, and prints what removes them first", async () => {
    const world = await accessWorld();
    const { code, text } = await remove(world, "shop/orders");
    expect(code).toBe(1);
    expect(
      text,
    ).toBe(`shop/orders still has a role assignment. Delete them first, or all at once with --with-assignments:

  lanyard role-assignment delete payments/orders-reads
  lanyard identity remove shop/orders`);
    expect(await exists(world, "orders")).toBe(true);
  });

  test("removes the assignments first when it is asked to", async () => {
    const world = await accessWorld();
    expect((await remove(world, "shop/orders", { withAssignments: true })).code).toBe(0);
    const left = (await world.api.list(roleAssignments)).items.map(({ metadata }) => metadata.name);
    expect(left).toEqual(["retired-reads"]);
    expect(await exists(world, "orders")).toBe(false);
  });

  test("refuses for an assignment that only names it, too", async () => {
    const world = await accessWorld();
    await world.delete(managedIdentities, "shop/orders");
    await world.identity("shop/orders", {});
    expect((await remove(world, "shop/orders")).code).toBe(1);
  });

  test("refuses for one that waits and names the identity of a workload by the object's own name, too", async () => {
    const world = await accessWorld();
    const metadata = { namespace: "payments", name: "web-reads" };
    const spec = {
      principal: { managedIdentity: "deployment-web-0a1b2c3d4e", namespace: "shop" },
      roleDefinition: "contributor",
    };
    const { apiVersion, kind } = roleAssignments;
    await world.api.create(roleAssignments, { apiVersion, kind, metadata, spec });
    expect((await remove(world, "shop/Deployment/web")).code).toBe(1);
  });

  describe("by the admin of its namespace, whose own is another", () => {
    const asAdmin = async (world: World, options = {}) =>
      removeIdentity("shop/orders", options, { ...testSession(world, adminOf("shop")), namespace: "default" });
    const isThere = async (world: World) =>
      (await world.api.list(managedIdentities, { namespace: "shop" })).items.some(
        ({ metadata }) => metadata.name === "orders",
      );

    test("sees the assignments that stand in the identity's namespace", async () => {
      const world = await accessWorld();
      await world.assignment("shop/orders-here", { to: "shop/orders", role: "secrets-reader" });
      const { code, text } = await asAdmin(world, { ignoreUnread: true });
      expect(code).toBe(1);
      expect(text).toContain("lanyard role-assignment delete shop/orders-here");
      expect(await isThere(world)).toBe(true);
    });

    test.each([{}, { withAssignments: true }])("removes nothing while others may be left: %j", async (options) => {
      const world = await accessWorld();
      const { code, text, notes } = await asAdmin(world, options);
      expect(code).toBe(2);
      expect(text).toContain("lanyard identity remove shop/orders --ignore-unread");
      expect(notes?.join()).toContain("you may not list roleassignments.lanyard.dev in all namespaces");
      expect(await isThere(world)).toBe(true);
    });

    test("removes it when told so in spite of that", async () => {
      const world = await accessWorld();
      expect((await asAdmin(world, { ignoreUnread: true })).code).toBe(0);
      expect(await isThere(world)).toBe(false);
    });
  });

  test("of a workload removes nothing that the operator would make again", async () => {
    const world = await accessWorld();
    const removal = removeIdentity("shop/Deployment/web", {}, testSession(world));
    await expect(answered(removal, world.clock)).rejects.toThrow("the operator has not seen it yet");
    expect(await exists(world, "deployment-web-0a1b2c3d4e")).toBe(true);
  });

  test("takes the annotation of a workload away, whoever wrote it, and removes the identity at once", async () => {
    const world = await operated(await withDeployment());
    const metadata = { namespace: "shop", name: "web", annotations: { [annotations.systemAssigned]: "true" } };
    const manifest = { apiVersion: "apps/v1", kind: "Deployment", metadata };
    await world.api.apply(deployments, manifest, { fieldManager: "helm" });
    await world.clock.advance(1_000);
    expect((await answered(remove(world, "shop/Deployment/web"), world.clock)).code).toBe(0);
    const deployment = await world.api.get(deployments, { namespace: "shop", name: "web" });
    expect(deployment.metadata.annotations?.[annotations.systemAssigned]).toBeUndefined();
    expect((await world.api.list(managedIdentities)).items).toEqual([]);
  });
});
