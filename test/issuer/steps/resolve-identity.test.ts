import { describe, expect, test } from "vitest";
import { jsonBody } from "../../support/json-body.ts";
import { type Shop, shop } from "../../support/shop.ts";
import type { PodOptions } from "../../support/world.ts";

/** What a new pod of `shop/orders` is told, which asks with these parameters. */
async function ask(it: Shop, more: Record<string, string> = {}, options: PodOptions = {}) {
  const pod = await it.world.pod("shop/asking", { serviceAccount: "orders", ...options });
  const reply = await it.exchange({ subject_token: await it.tokens.mintPodToken(pod, it.account), ...more });
  return { status: reply.status, ...(await jsonBody(reply)) };
}

const orders = { subjects: [{ serviceAccount: "orders" }] };

describe("which identity a request gets", () => {
  test("the only one", async () => {
    const it = await shop();
    expect(await ask(it)).toMatchObject({ status: 200, client_id: it.identity.status?.clientId });
  });

  test.each([
    { by: "client_id", value: (it: Shop) => it.identity.status?.clientId },
    { by: "object_id", value: (it: Shop) => it.identity.status?.principalId },
    { by: "resource_id", value: (it: Shop) => it.identity.status?.resourceId },
  ])("of two, the one named by $by", async ({ by, value }) => {
    const it = await shop();
    await it.world.identity("shop/second", orders);
    expect(await ask(it, { [by]: value(it) ?? "" })).toMatchObject({ client_id: it.identity.status?.clientId });
  });

  test("of two, none named: a refusal that names both", async () => {
    const it = await shop();
    await it.world.identity("shop/second", orders);
    const refused = await ask(it);
    expect(refused).toMatchObject({ status: 400, error: "invalid_request", error_code: "IdentityAmbiguous" });
    expect(refused.error_description).toContain("shop/second");
  });

  test("of two, the one that the pod is annotated with", async () => {
    const it = await shop();
    await it.world.identity("shop/second", orders);
    expect(await ask(it, {}, { identity: "orders" })).toMatchObject({ client_id: it.identity.status?.clientId });
  });

  test("another pod's identity is not found", async () => {
    const it = await shop();
    const other = await it.world.identity("shop/other", { subjects: [{ serviceAccount: "reports" }] });
    const client_id = other.status?.clientId ?? "";
    expect(await ask(it, { client_id })).toMatchObject({ status: 400, error_code: "IdentityNotFound" });
  });

  test("one in another namespace needs the owner's consent and the pod's naming it", async () => {
    const it = await shop();
    const subjects = [{ serviceAccount: "orders", namespace: "shop" }];
    const shared = await it.world.identity("payments/shared", { subjects });
    const client_id = shared.status?.clientId ?? "";
    expect(await ask(it, { client_id })).toMatchObject({ error_code: "IdentityNotFound" });
    const named = await it.world.pod("shop/naming", { serviceAccount: "orders", identity: "payments/shared" });
    const reply = await it.exchange({ subject_token: await it.tokens.mintPodToken(named, it.account), client_id });
    expect(await jsonBody(reply)).toMatchObject({ error_code: "RoleAssignmentRequired" });
  });
});
