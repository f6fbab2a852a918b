import { describe, expect, test } from "vitest";
import { protectedResources, roleAssignments } from "../../../kube/kinds.ts";
import { jsonBody } from "../../support/json-body.ts";
import { type Shop, shop, VAULT } from "../../support/shop.ts";

const ask = async (it: Shop, audience = VAULT) => {
  const reply = await it.exchange({ audience });
  return { status: reply.status, ...(await jsonBody(reply)) };
};

describe("which audience a token is for", () => {
  test("a slash more or less is the same audience, and the token says it as the owner wrote it", async () => {
    const it = await shop();
    expect(await ask(it, `${VAULT}/`)).toMatchObject({ status: 200 });
    expect(it.audit.at(-1)).toMatchObject({ audience: VAULT });
  });

  test("one that was registered a moment ago counts, and one that was taken out does not", async () => {
    const it = await shop();
    const audience = "https://orders-inventory.shop.svc";
    expect(await ask(it, audience)).toMatchObject({ error_code: "AudienceNotRegistered" });
    await it.world.resource("shop/inventory", audience, { assignmentRequired: false });
    expect(await ask(it, audience)).toMatchObject({ status: 200 });
    await it.world.delete(protectedResources, "shop/inventory");
    expect(await ask(it, audience)).toMatchObject({ error_code: "AudienceNotRegistered" });
  });

  test("a typo is answered with an audience of the pod's own namespace, and never with another tenant's", async () => {
    const it = await shop();
    await it.world.resource("shop/reports", "https://reports.shop.svc");
    await it.world.resource("foreign/ledger", "https://ledger.foreign.svc");
    const own = await ask(it, "https://reprots.shop.svc");
    expect(own.error_description).toContain('Did you mean "https://reports.shop.svc"?');
    const foreign = await ask(it, "https://ledgre.foreign.svc");
    expect(foreign.error_code).toBe("AudienceNotRegistered");
    expect(foreign.error_description).not.toContain("Did you mean");
  });

  test("an unregistered one is allowed where the install says so, without any role", async () => {
    const it = await shop({ unregisteredAudiences: "allow" });
    expect(await ask(it, "https://anything.example")).toMatchObject({ status: 200 });
    expect(it.audit.at(-1)).toMatchObject({ audience: "https://anything.example", roles: [] });
  });

  test("a resource that limits the lifetime gets shorter tokens", async () => {
    const it = await shop();
    await it.world.update(protectedResources, "payments/payments-vault", {
      audiences: [VAULT],
      maxTokenLifetime: "10m",
    });
    expect(await ask(it)).toMatchObject({ status: 200, expires_in: 600 });
  });

  test("an assignment for another resource gives nothing here", async () => {
    const it = await shop();
    await it.world.delete(roleAssignments, "payments/orders-reads");
    await it.world.assignment("payments/other", { to: "shop/orders", role: "secrets-reader", resource: "other" });
    expect(await ask(it)).toMatchObject({ status: 403, error_code: "RoleAssignmentRequired" });
  });

  test("an assignment of a role that does not exist gives nothing", async () => {
    const it = await shop();
    await it.world.delete(roleAssignments, "payments/orders-reads");
    await it.world.assignment("payments/other", { to: "shop/orders", role: "no-such-role" });
    expect(await ask(it)).toMatchObject({ status: 403 });
    await it.world.role("no-such-role");
    expect(await ask(it)).toMatchObject({ status: 200 });
  });
});
