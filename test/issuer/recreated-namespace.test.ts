import { describe, expect, test } from "vitest";
import { clusterRoleAssignments, managedIdentities, namespaces, roleAssignments } from "../../kube/kinds.ts";
import { jsonBody } from "../support/json-body.ts";
import { type Shop, shop, tokenExchangeForm, VAULT } from "../support/shop.ts";

const operator = { fieldManager: "lanyard-operator", force: true };

async function recreate({ world }: Shop, namespace: string): Promise<void> {
  await world.delete(namespaces, namespace);
  await world.namespace(namespace);
}

const uidOf = async ({ world }: Shop, name: string): Promise<string> =>
  (await world.api.get(namespaces, { name })).metadata.uid;

describe("a role on a namespace", () => {
  /** With the pin that the operator writes, unless there is none yet. */
  async function withRoleOnPayments(pinned: boolean): Promise<Shop> {
    const it = await shop();
    await it.world.delete(roleAssignments, "payments/orders-reads");
    const spec = { to: "shop/orders", role: "secrets-reader", scope: "/namespaces/payments" };
    const { apiVersion, kind, metadata, status } = await it.world.clusterAssignment("reads-payments", spec);
    if (!pinned) return it;
    const namespaceUid = await uidOf(it, "payments");
    const manifest = { apiVersion, kind, metadata: { name: metadata.name }, status: { ...status, namespaceUid } };
    await it.world.api.applyStatus(clusterRoleAssignments, manifest, operator);
    return it;
  }

  test("gives a token while the namespace is there, and none in one that was recreated", async () => {
    const it = await withRoleOnPayments(true);
    expect((await it.exchange()).status).toBe(200);
    await recreate(it, "payments");
    await it.world.resource("payments/payments-vault", VAULT);
    const refused = await it.exchange();
    expect([refused.status, (await jsonBody(refused)).error_code]).toEqual([403, "RoleAssignmentRequired"]);
  });

  test("that was not pinned yet, as before the upgrade, holds", async () => {
    expect((await (await withRoleOnPayments(false)).exchange()).status).toBe(200);
  });
});

describe("consent to another namespace's ServiceAccount", () => {
  async function asked(it: Shop): Promise<number> {
    const account = await it.world.serviceAccount("analytics/reports");
    const pod = await it.world.pod("analytics/reports-1", { serviceAccount: "reports", identity: "shop/orders" });
    const token = await it.tokens.mintPodToken(pod, account);
    return (await it.post("/oauth2/token", tokenExchangeForm(token))).status;
  }

  test("does not hold for one that was recreated", async () => {
    const it = await shop();
    await it.world.namespace("analytics");
    const subjects = [{ serviceAccount: "reports", namespace: "analytics" }];
    const { apiVersion, kind, metadata } = await it.world.update(managedIdentities, "shop/orders", { subjects });
    const subjectNamespaces = [{ name: "analytics", uid: await uidOf(it, "analytics") }];
    const { namespace, name } = metadata;
    const manifest = { apiVersion, kind, metadata: { namespace, name }, status: { subjectNamespaces } };
    await it.world.api.applyStatus(managedIdentities, manifest, operator);
    expect(await asked(it)).toBe(200);
    await recreate(it, "analytics");
    expect(await asked(it)).toBe(400);
  });
});
