import { expect, test } from "vitest";
import { compileCondition } from "../../../identity/assignment-condition.ts";
import { issuerLimits } from "../../../issuer/limits.ts";
import { pods, roleAssignments } from "../../../kube/kinds.ts";
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

test("the decision and the token may each take the steps of one question", async () => {
  const it = await shop();
  await it.world.delete(roleAssignments, "payments/orders-reads");
  const hours = Array.from({ length: 20 }, (_, at) => at).join(",");
  /** Met, and costs more than half of what one question may take. */
  const condition = `[${hours}].exists(x, time.getHours("Asia/Tokyo") == x + 100 || time.getMinutes("Asia/Tokyo") == x + 100) || true`;
  const compiled = compileCondition(condition);
  expect(compiled.kind === "compiled" && compiled.condition.steps).toBeGreaterThan(issuerLimits.stepsPerQuestion / 2);
  const assignment = { to: "shop/orders", role: "secrets-reader", resource: "payments-vault" };
  await it.world.assignment("payments/costly", { ...assignment, condition });
  expect(await decision(it, await it.accessToken())).toBe(true);
});

async function goneWithItsPod(it: Shop): Promise<string> {
  const token = await it.accessToken();
  await it.world.delete(pods, "shop/orders-1");
  return token;
}
