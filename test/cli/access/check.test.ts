import { describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { type CheckOptions, checkAccess } from "../../../cli/access/check.ts";
import { checkAnswer } from "../../../cli/access/format-check.ts";
import type { Answer } from "../../../cli/cluster/answer.ts";
import { refusals } from "../../../identity/reasons.ts";
import { validateObject } from "../../../identity/validate.ts";
import { managedIdentities, roleDefinitions } from "../../../kube/kinds.ts";
import type { World } from "../../support/world.ts";
import { adminOf, type Forbids } from "../cluster/limited-api.ts";
import { testSession } from "../cluster/test-session.ts";
import { accessWorld, assign, VAULT, VAULT_SCOPE } from "./access-world.ts";

const asked = { as: "shop/orders", action: "secrets/read", resource: "payments/payments-vault" };

async function check(world: World, changes: Partial<CheckOptions> = {}, forbids?: Forbids): Promise<Answer> {
  return checkAnswer(await checkAccess({ ...asked, ...changes }, testSession(world, forbids)));
}

async function idsOf(world: World, name: string) {
  const { metadata, status } = await world.api.get(managedIdentities, { namespace: "shop", name });
  return { principal: metadata.uid, client: status?.clientId ?? "" };
}

describe("what is allowed", () => {
  test("says by which assignment, through which role and scope", async () => {
    const { code, text } = await check(await accessWorld());
    expect({ code, text }).toEqual({
      code: 0,
      text: `Allowed: shop/orders may do secrets/read at ${VAULT_SCOPE}.

Assignment   RoleAssignment payments/orders-reads
Role         secrets-reader
Scope        ${VAULT_SCOPE}`,
    });
  });

  test("has a shape for programs", async () => {
    expect((await check(await accessWorld())).data).toMatchObject({
      decision: "allowed",
      identity: { namespace: "shop", name: "orders" },
      action: "secrets/read",
      scope: VAULT_SCOPE,
      grant: {
        assignment: { kind: "RoleAssignment", namespace: "payments", name: "orders-reads" },
        role: "secrets-reader",
        scope: VAULT_SCOPE,
      },
      unread: [],
    });
  });

  test.each<{ named: string; changes: Partial<CheckOptions> }>([
    { named: "an identity of one's own namespace", changes: { as: "orders" } },
    { named: "a resource id", changes: { as: "/namespaces/shop/managedIdentities/orders" } },
    { named: "a resource id in another case", changes: { as: "/Namespaces/SHOP/managedidentities/Orders" } },
    { named: "an audience", changes: { resource: VAULT } },
    { named: "an audience with a slash more", changes: { resource: `${VAULT}/` } },
    { named: "a scope", changes: { resource: VAULT_SCOPE } },
    { named: "a part of a resource", changes: { resource: "payments/payments-vault/secrets/db-password" } },
    { named: "a role of the whole cluster", changes: { as: "shop/billing", action: "anything/at/all" } },
  ])("by $named", async ({ changes }) => {
    expect((await check(await accessWorld(), changes)).code).toBe(0);
  });

  test("by principal id and by client id", async () => {
    const world = await accessWorld();
    const { principal, client } = await idsOf(world, "orders");
    expect((await check(world, { as: principal.toUpperCase() })).code).toBe(0);
    expect((await check(world, { as: client })).code).toBe(0);
  });

  test("of a workload's own identity", async () => {
    const world = await accessWorld();
    const { principal } = await idsOf(world, "deployment-web-0a1b2c3d4e");
    const spec = { principal: { workload: { kind: "Deployment", name: "web" }, namespace: "shop" } };
    await assign(world, "payments/web-reads", { ...spec, roleDefinition: "secrets-reader" }, principal);
    expect((await check(world, { as: "shop/deploy/web" })).code).toBe(0);
  });
});

describe("what is not allowed", () => {
  test("is a manifest that would allow it, below comments that say what comes nearest", async () => {
    const { code, text } = await check(await accessWorld(), { resource: "payments/other-vault" });
    expect(code).toBe(1);
    expect(text).toBe(`# Not allowed: shop/orders may not do secrets/read at /namespaces/payments/resources/other-vault.
# It has secrets-reader on ${VAULT_SCOPE}; needs it on …/other-vault.
#
# This would allow it, with the narrowest role that names the action (wider ones: contributor): check it, and pipe it to kubectl apply -f -
# The role also gives secrets/list.
apiVersion: lanyard.dev/v1alpha1
kind: RoleAssignment
metadata:
  name: shop-orders-secrets-reader-other-vault
  namespace: payments
spec:
  principal:
    managedIdentity: orders
    namespace: shop
  roleDefinition: secrets-reader
  resource: other-vault`);
  });

  test.each<{ lacking: string; changes: Partial<CheckOptions> }>([
    { lacking: "the role on that resource", changes: { resource: "payments/other-vault" } },
    { lacking: "a role on a part of it", changes: { resource: "payments/other-vault/secrets/db" } },
    { lacking: "a role on the namespace", changes: { resource: "/namespaces/payments" } },
    { lacking: "a role on the cluster", changes: { resource: "/" } },
    { lacking: "the action", changes: { action: "secrets/write" } },
    { lacking: "the role of a workload", changes: { as: "shop/Deployment/web" } },
  ])("for want of $lacking, is allowed once the manifest is applied", async ({ changes }) => {
    const world = await accessWorld();
    const { code, text } = await check(world, changes);
    expect(code).toBe(1);
    for (const document of parseAllDocuments(text)) await apply(world, document.toJS());
    expect((await check(world, changes)).code).toBe(0);
  });

  test("gets a role too where a vault has the action and no role", async () => {
    const world = await accessWorld();
    await world.delete(roleDefinitions, "contributor");
    const { text } = await check(world, { action: "secrets/purge" });
    const [role, assignment] = parseAllDocuments(text).map((document) => document.toJS());
    expect(role).toMatchObject({
      kind: "RoleDefinition",
      metadata: { name: "secrets-purge" },
      spec: { actions: ["secrets/purge"] },
    });
    expect(assignment).toMatchObject({ spec: { roleDefinition: "secrets-purge" } });
  });

  test("because the identity is disabled proposes no assignment", async () => {
    const { code, text } = await check(await accessWorld(), { as: "shop/retired" });
    expect(code).toBe(1);
    expect(text).toMatch(/is disabled: set spec.disabled to false/);
    expect(text).not.toContain("kind:");
  });

  test("because the pod is not the identity's is said", async () => {
    const { code, text } = await check(await accessWorld(), { pod: "shop/web-7d4b-x2x9z" });
    expect(code).toBe(1);
    expect(text).toContain("Pod shop/web-7d4b-x2x9z does not run, or may not use");
  });
});

describe("a condition", () => {
  async function conditional(): Promise<World> {
    const world = await accessWorld();
    const { principal } = await idsOf(world, "orders");
    const spec = { principal: { managedIdentity: "orders", namespace: "shop" }, roleDefinition: "secrets-reader" };
    const condition = 'pod.namespace == "shop"';
    await assign(world, "payments/orders-if", { ...spec, resource: "other-vault", condition }, principal);
    await world.pod("shop/orders-1", { serviceAccount: "orders" });
    return world;
  }
  const resource = "payments/other-vault";

  test("is undecided without the pod, which is said", async () => {
    const { code, text, notes } = await check(await conditional(), { resource });
    expect(code).toBe(1);
    expect(text).toContain("its condition cannot be decided");
    expect(notes?.join()).toContain("--pod");
  });

  test("is met by a pod that meets it", async () => {
    const { code, text } = await check(await conditional(), { resource, pod: "orders-1" });
    expect(code).toBe(0);
    expect(text).toContain('Condition    pod.namespace == "shop" (met)');
  });
});

describe("a name that there is not", () => {
  test.each([
    { changes: { as: "shop/ordres" }, says: 'there is no ManagedIdentity shop/ordres. Did you mean "shop/orders"?' },
    { changes: { as: "shop/Deployment/wbe" }, says: "has no system-assigned identity" },
    { changes: { as: "shop/Deploymnt/web" }, says: 'Did you mean "Deployment"?' },
    { changes: { as: "3f8a6c1e-52a4-4c11-9d7e-6a2f0c9b1e44" }, says: "no managed identity has the principal id" },
    { changes: { as: "a/b/c/d" }, says: "names no identity" },
    { changes: { resource: "payments/payment-vault" }, says: 'Did you mean "payments/payments-vault"?' },
    { changes: { resource: "https://payment-vault.payments.svc" }, says: `Did you mean "${VAULT}"?` },
    { changes: { resource: "/namespaces/payments/../shop" }, says: "is no scope" },
    { changes: { action: "secrets/*" }, says: "expected one without wildcards" },
    { changes: { pod: "shop/nobody" }, says: "there is no pod shop/nobody" },
    { changes: { pod: "shop/Deployment/wbe" }, says: "there is no Deployment shop/wbe" },
  ])("is wrong use: $changes", async ({ changes, says }) => {
    await expect(check(await accessWorld(), changes)).rejects.toMatchObject({
      name: "UsageError",
      message: expect.stringContaining(says),
    });
  });

  test("of an action is guessed at from the roles' own", async () => {
    const { text } = await check(await accessWorld(), { action: "secret/read" });
    expect(text).toContain('Did you mean "secrets/read"?');
  });
});

describe("somebody who may not read everything", () => {
  test("is told that no is not certain, and what to ask for", async () => {
    const { code, text, incomplete, data } = await check(
      await accessWorld(),
      { as: "shop/orders", action: "a/b" },
      (_, plural) => plural === "clusterroleassignments",
    );
    expect(code).toBe(2);
    expect(text).toContain("Not allowed by what you may see");
    expect(data).toMatchObject({ decision: "unknown", unread: [{ verb: "list", resource: "clusterroleassignments" }] });
    expect(incomplete?.join()).toContain('resources: ["clusterroleassignments"]');
  });

  test("is told yes where what they may read suffices", async () => {
    const forbids: Forbids = (_, plural) => plural === "clusterroleassignments";
    expect((await check(await accessWorld(), {}, forbids)).code).toBe(0);
  });

  describe("but asks by an audience, which an older resource of another namespace may own,", () => {
    const forbids: Forbids = (_, plural, namespace) => plural === "protectedresources" && namespace !== "shop";
    const inShop = async (): Promise<World> => {
      const world = await accessWorld();
      await world.resource("shop/own", "https://own.shop.svc");
      await world.assignment("shop/orders-reads", { to: "shop/orders", role: "secrets-reader", resource: "own" });
      return world;
    };
    const resource = "https://own.shop.svc";

    test.each<{ verdict: string; changes: Partial<CheckOptions> }>([
      { verdict: "Allowed by what you may see", changes: {} },
      { verdict: "Not allowed by what you may see", changes: { action: "a/b" } },
    ])("is told no more than: $verdict", async ({ verdict, changes }) => {
      const world = await inShop();
      const { code, text, data, incomplete } = await check(world, { resource, ...changes }, forbids);
      expect({ code, verdict: /^(# )?(.*?):/.exec(text)?.[2] }).toEqual({ code: 2, verdict });
      expect(data).toMatchObject({ decision: "unknown", unread: [{ verb: "list", resource: "protectedresources" }] });
      expect(incomplete?.join()).toContain('resources: ["protectedresources"]');
    });

    test("is told for certain what holds whoever owns it", async () => {
      expect((await check(await inShop(), { resource, as: "shop/retired" }, forbids)).code).toBe(1);
    });

    test("is told that its resource cannot be used, which may be another's, not for certain", async () => {
      const found = await checkAccess({ ...asked, resource }, testSession(await inShop(), forbids));
      const refusal = refusals.IdentityDisabled("stands for any refusal");
      const target = { ...found.target, refusal };
      expect(checkAnswer({ ...found, target, outcome: { kind: "refused", refusal } }).code).toBe(2);
    });

    test("is told yes once it is named", async () => {
      expect((await check(await inShop(), { resource: "shop/own" }, forbids)).code).toBe(0);
    });
  });

  test("is told no where nothing else can be decided: without the roles", async () => {
    await expect(check(await accessWorld(), {}, (_, plural) => plural === "roledefinitions")).rejects.toMatchObject({
      reason: "Forbidden",
      request: { verb: "list" },
    });
  });

  test("may be the admin of the target's namespace, who cannot see the identity", async () => {
    await expect(check(await accessWorld(), {}, adminOf("payments"))).rejects.toMatchObject({ reason: "Forbidden" });
  });
});

async function apply(
  world: World,
  manifest: { kind: string; metadata: { name: string; namespace?: string }; spec: object },
) {
  expect(validateObject(manifest.kind, manifest)).toMatchObject({ kind: "valid" });
  if (manifest.kind === "RoleDefinition") {
    await world.role(manifest.metadata.name, ["secrets/write"]);
    return;
  }
  const { name, namespace } = manifest.metadata;
  const { principal } = manifest.spec as { principal: { managedIdentity?: string } };
  const own = principal.managedIdentity ?? "deployment-web-0a1b2c3d4e";
  await assign(
    world,
    namespace === undefined ? name : `${namespace}/${name}`,
    manifest.spec,
    (await idsOf(world, own)).principal,
  );
}
