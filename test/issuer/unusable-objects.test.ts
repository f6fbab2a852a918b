import { describe, expect, test } from "vitest";
import {
  deployments,
  managedIdentities,
  pods,
  protectedResources,
  roleAssignments,
  roleDefinitions,
  serviceAccounts,
  tokenRevocations,
} from "../../kube/kinds.ts";
import { settle } from "../support/fake-clock.ts";
import { jsonBody } from "../support/json-body.ts";
import { kindsWithoutRules } from "../support/kinds-without-rules.ts";
import { type Shop, shop, VAULT } from "../support/shop.ts";
import { statusOf } from "./revocation/read-status.ts";

const unrulyShop = (settings = {}): Promise<Shop> => shop(settings, kindsWithoutRules);
const codeOf = async (reply: Promise<Response>) => (await jsonBody(reply)).error_code;

describe("an object that breaks a rule", () => {
  test.each([
    { kind: managedIdentities, name: "shop/orders", spec: { type: "Shared" }, code: "NoIdentity" },
    {
      kind: roleDefinitions,
      name: "secrets-reader",
      spec: { actions: "secrets/read" },
      code: "RoleAssignmentRequired",
    },
    { kind: roleAssignments, name: "payments/orders-reads", spec: { principal: [] }, code: "RoleAssignmentRequired" },
    {
      kind: protectedResources,
      name: "payments/payments-vault",
      spec: { audiences: [VAULT, 1] },
      code: "ResourceUnusable",
    },
  ])("gives nothing from then on: $kind.kind", async ({ kind, name, spec, code }) => {
    const it = await unrulyShop();
    expect((await it.exchange()).status).toBe(200);
    await it.world.store(kind, name, spec);
    expect(await codeOf(it.exchange())).toBe(code);
  });

  test.each([
    { kind: roleDefinitions, name: "broken" },
    { kind: managedIdentities, name: "shop/broken" },
    { kind: pods, name: "shop/broken" },
    { kind: serviceAccounts, name: "shop/broken" },
    { kind: deployments, name: "shop/broken" },
  ])("ends no watch, so what happens later counts: $kind.kind", async ({ kind, name }) => {
    const it = await unrulyShop();
    await it.world.store(kind, name, ["no", "object"]);
    await it.world.assignment("payments/later", { to: "shop/orders", role: "later" });
    await it.world.role("later");
    expect((await it.exchange()).status).toBe(200);
    expect(it.logged.filter((line) => line.includes("watch failed"))).toEqual([]);
    await it.world.delete(managedIdentities, "shop/orders");
    expect(await codeOf(it.exchange())).toBe("NoIdentity");
  });

  test("is logged once, by name and with what is wrong", async () => {
    const it = await unrulyShop();
    await it.world.store(roleDefinitions, "odd", { actions: ["//"] });
    await it.world.store(roleDefinitions, "odd", { actions: ["//"], notActions: ["secrets/read"] });
    await settle();
    const lines = it.logged.filter((line) => line.includes("cannot be used"));
    expect(lines).toEqual([expect.stringMatching(/"object":"odd".*spec\.actions\.0/)]);
  });
});

describe("a ProtectedResource that breaks a rule keeps its audiences", () => {
  const broken = { audiences: [VAULT], signingAlgorithm: "none" };

  test("from a resource that is younger", async () => {
    const it = await unrulyShop();
    await it.world.clock.advance(5000);
    await it.world.resource("shop/squatter", VAULT, { assignmentRequired: false });
    await it.world.store(protectedResources, "payments/payments-vault", broken);
    expect(await jsonBody(it.exchange())).toMatchObject({
      error: "invalid_target",
      error_code: "ResourceUnusable",
      error_description: expect.stringContaining("ProtectedResource payments/payments-vault"),
    });
  });

  test("from everybody who asks for what nobody registered", async () => {
    const it = await unrulyShop({ unregisteredAudiences: "allow" });
    await it.world.store(protectedResources, "payments/payments-vault", broken);
    expect(await codeOf(it.exchange({ audience: `${VAULT}/` }))).toBe("ResourceUnusable");
  });

  test("as its status says, when its spec names none", async () => {
    const it = await unrulyShop();
    const { apiVersion, kind } = protectedResources;
    const metadata = { namespace: "payments", name: "payments-vault" };
    const author = { fieldManager: "operator", force: true };
    await it.world.api.applyStatus(
      protectedResources,
      { apiVersion, kind, metadata, status: { audiences: [VAULT] } },
      author,
    );
    await it.world.store(protectedResources, "payments/payments-vault", { audiences: VAULT });
    expect(await codeOf(it.exchange())).toBe("ResourceUnusable");
  });

  test("and gives them up when it is deleted", async () => {
    const it = await unrulyShop();
    await it.world.store(protectedResources, "payments/payments-vault", broken);
    await it.world.delete(protectedResources, "payments/payments-vault");
    expect(await codeOf(it.exchange())).toBe("AudienceNotRegistered");
  });

  test("so that its tokens are good no longer, and decisions by audience are no", async () => {
    const it = await unrulyShop();
    const token = await it.accessToken();
    await it.world.store(protectedResources, "payments/payments-vault", broken);
    const headers = { authorization: `Bearer ${it.subjectToken}` };
    expect(await jsonBody(it.post("/introspect", { token }, headers))).toEqual({ active: false });
    const asked = {
      subject: { type: "managed_identity", id: it.identity.metadata.uid },
      action: { name: "secrets/read" },
      resource: { type: "vault", id: VAULT },
    };
    const evaluated = it.post("/access/v1/evaluation", JSON.stringify(asked), {
      ...headers,
      "content-type": "application/json",
    });
    expect(await jsonBody(evaluated)).toMatchObject({ decision: false, context: { reason_code: "ResourceUnusable" } });
  });
});

test("fields of a later version change nothing", async () => {
  const it = await unrulyShop();
  const subjects = [{ serviceAccount: "orders", since: "v1beta1" }];
  await it.world.store(managedIdentities, "shop/orders", { type: "UserAssigned", subjects, rotation: { every: "1d" } });
  await it.world.store(roleDefinitions, "secrets-reader", { actions: ["secrets/read"], conditions: ["weekdays"] });
  await it.world.store(protectedResources, "payments/payments-vault", { audiences: [VAULT], proof: "dpop" });
  const { access_token } = await jsonBody(it.exchange());
  const claims = JSON.parse(Buffer.from(access_token.split(".")[1], "base64url").toString());
  expect(claims).toMatchObject({ aud: VAULT, roles: ["secrets-reader"] });
});

describe("a TokenRevocation that breaks a rule", () => {
  test.each([
    ["revokes what its namespace was given before it", "shop/odd", 1],
    ["revokes nothing of another namespace", "payments/odd", 0],
  ])("%s", async (_what, name, expected) => {
    const it = await unrulyShop();
    const token = await it.accessToken();
    await it.world.store(tokenRevocations, name, { everything: true });
    await it.world.clock.advance(500);
    expect(await statusOf(token)).toBe(expected);
    expect(await statusOf(await it.accessToken())).toBe(0);
  });
});
