import { expect, test } from "vitest";
import { pods } from "../../../kube/kinds.ts";
import { jsonBody } from "../../support/json-body.ts";
import { type Shop, shop, VAULT_SCOPE } from "../../support/shop.ts";

/** Asks as a service beside the vault, which brings a token that it was shown. */
async function service(it: Shop) {
  const account = await it.world.serviceAccount("payments/service");
  const pod = await it.world.pod("payments/service-1", { serviceAccount: "service" });
  const authorization = `Bearer ${await it.tokens.mintPodToken(pod, account)}`;
  const headers = { "content-type": "application/json", authorization };
  return (token: unknown, id: string = it.identity.metadata.uid): Promise<Response> => {
    const body = {
      subject: { type: "managed_identity", id, properties: { access_token: token } },
      action: { name: "secrets/read" },
      resource: { type: "vault", id: VAULT_SCOPE },
    };
    return it.post("/access/v1/evaluation", JSON.stringify(body), headers);
  };
}

async function decision(it: Shop, token: unknown, id?: string): Promise<unknown> {
  const reply = await (await service(it))(token, id);
  const { context, decision, error } = await jsonBody(reply);
  return error === undefined ? (context.reason_code ?? decision) : reply.status;
}

test("one question says that the token stands, and that its holder may do it", async () => {
  const it = await shop();
  expect(await decision(it, await it.accessToken())).toBe(true);
});

test("the reply says that the token was checked, and only then", async () => {
  const it = await shop();
  const ask = await service(it);
  const checked = async (token: unknown) => (await jsonBody(ask(token))).context.token_checked;
  expect(await checked(await it.accessToken())).toBe(true);
  await it.world.clock.advance(1_000);
  const token = await it.accessToken();
  await it.world.revocation("shop/stolen", { managedIdentity: "orders" });
  expect([await checked(token), await checked(undefined)]).toEqual([true, undefined]);
});

test.each<{ what: string; token: (it: Shop) => Promise<unknown>; expected: unknown }>([
  { what: "whose pod is gone", expected: "TokenInactive", token: goneWithItsPod },
  {
    what: "that was revoked",
    expected: "TokenInactive",
    async token(it) {
      const token = await it.accessToken();
      await it.world.clock.advance(1_000);
      await it.world.revocation("shop/stolen", { managedIdentity: "orders" });
      return token;
    },
  },
  { what: "that is none", expected: "TokenInactive", token: async () => "hunter2" },
  { what: "that is the pod's own", expected: "TokenInactive", token: async (it) => it.subjectToken },
  { what: "that is no text", expected: 400, token: async () => 7 },
  { what: "longer than any header", expected: 400, token: async () => "x".repeat(16_385) },
])("a token $what gives nothing, though its holder has the role", async ({ token, expected }) => {
  const it = await shop();
  expect(await decision(it, await token(it))).toBe(expected);
});

test("a token of another identity gives nothing", async () => {
  const it = await shop();
  const other = await it.world.identity("shop/other", { subjects: [{ serviceAccount: "other" }] });
  await it.world.assignment("payments/other-reads", { to: "shop/other", role: "secrets-reader" });
  expect(await decision(it, await it.accessToken(), other.metadata.uid)).toBe("TokenInactive");
});

async function goneWithItsPod(it: Shop): Promise<string> {
  const token = await it.accessToken();
  await it.world.delete(pods, "shop/orders-1");
  return token;
}
