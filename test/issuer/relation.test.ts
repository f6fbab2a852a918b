import { describe, expect, test } from "vitest";
import { jsonBody } from "../support/json-body.ts";
import { type Shop, shop, VAULT, VAULT_SCOPE } from "../support/shop.ts";

/** The token of a pod in a namespace. */
async function podIn(it: Shop, namespace: string): Promise<string> {
  if (namespace === "elsewhere") await it.world.namespace(namespace);
  const account = await it.world.serviceAccount(`${namespace}/asks`);
  return it.tokens.mintPodToken(await it.world.pod(`${namespace}/asks-1`, { serviceAccount: "asks" }), account);
}

async function ask(it: Shop, token: string, id: string = it.identity.metadata.uid, action = "secrets/read") {
  const body = {
    subject: { type: "managed_identity", id },
    action: { name: action },
    resource: { type: "resource", id: VAULT_SCOPE },
  };
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  return jsonBody(it.post("/access/v1/evaluation", JSON.stringify(body), headers));
}

const NOBODY = "6f0c7a3e-0000-4000-8000-000000000000";

describe("a caller of the decision endpoint", () => {
  test.each(["shop", "payments"])("in namespace %s is told which assignment allows an action", async (namespace) => {
    const it = await shop();
    expect(await ask(it, await podIn(it, namespace))).toMatchObject({
      decision: true,
      context: { role: "secrets-reader", assignment: "payments/orders-reads", scope: VAULT_SCOPE },
    });
  });

  test("of a third namespace gets one answer for granted, not granted and unknown", async () => {
    const it = await shop();
    const token = await podIn(it, "elsewhere");
    const told = async (id: string, action: string) =>
      JSON.stringify(await ask(it, token, id, action)).replaceAll(id, "ID");
    const granted = await told(it.identity.metadata.uid, "secrets/read");
    expect(JSON.parse(granted)).toEqual({
      decision: false,
      context: { reason_code: "CallerUnrelated", reason: expect.stringContaining("issuer.decisionNamespaces") },
    });
    expect(await told(it.identity.metadata.uid, "secrets/write")).toBe(granted);
    expect(await told(NOBODY, "secrets/read")).toBe(granted);
    expect(await told("/namespaces/shop/managedIdentities/nobody", "secrets/read")).toBe(granted);
  });

  test("of a third namespace is told everything where the administrator lets it ask", async () => {
    const it = await shop({ decisionNamespaces: ["elsewhere"] });
    const token = await podIn(it, "elsewhere");
    expect(await ask(it, token)).toMatchObject({ decision: true, context: { role: "secrets-reader" } });
    expect((await ask(it, token, NOBODY)).context.reason_code).toBe("PrincipalUnknown");
  });

  test("of the resource's namespace does not learn which identities exist", async () => {
    const it = await shop();
    const token = await podIn(it, "payments");
    await it.world.identity("shop/quiet", { subjects: [] });
    await it.world.identity("shop/disabled", { subjects: [], disabled: true });
    const told = async (name: string) => {
      const id = `/namespaces/shop/managedIdentities/${name}`;
      return JSON.stringify(await ask(it, token, id)).replaceAll(id, "ID");
    };
    const unknown = await told("nobody");
    expect(JSON.parse(unknown).context.reason_code).toBe("ActionNotGranted");
    expect([await told("quiet"), await told("disabled")]).toEqual([unknown, unknown]);
  });
});

describe("a caller of introspection", () => {
  const introspect = (it: Shop, token: string, caller: string) =>
    jsonBody(it.post("/introspect", { token }, { authorization: `Bearer ${caller}` }));

  test.each(["shop", "payments"])("in namespace %s is told of the token", async (namespace) => {
    const it = await shop();
    const caller = await podIn(it, namespace);
    expect(await introspect(it, await it.accessToken(), caller)).toMatchObject({ active: true, aud: VAULT });
  });

  test("of a third namespace gets one answer for a good token and for none (RFC 7662 §2.2)", async () => {
    const it = await shop();
    const caller = await podIn(it, "elsewhere");
    expect(await introspect(it, await it.accessToken(), caller)).toEqual({ active: false });
    expect(await introspect(it, "hello", caller)).toEqual({ active: false });
  });
});

describe("a pod that is refused a token", () => {
  const misspelt = async (it: Shop, audience: string) => (await jsonBody(it.exchange({ audience }))).error_description;

  test("is not reminded of an audience of another tenant", async () => {
    const it = await shop();
    await it.world.resource("payments/ledger", "https://ledger.payments.svc");
    expect(await misspelt(it, "https://ledge.payments.svc")).not.toContain("Did you mean");
  });

  test.each([
    ["of a resource that its identity has a role on", "payments/payments-vault", VAULT],
    ["of its own namespace", "shop/stock", "https://stock.shop.svc"],
  ])("is reminded of an audience %s", async (_which, resource, audience) => {
    const it = await shop();
    if (resource.startsWith("shop/")) await it.world.resource(resource, audience);
    expect(await misspelt(it, `${audience}e`)).toContain(`Did you mean "${audience}"?`);
  });
});
