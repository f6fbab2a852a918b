import { describe, expect, test } from "vitest";
import { createHandler } from "../../../sidecar/handler.ts";
import { createIssuerClient } from "../../../sidecar/issuer-client.ts";
import { settle } from "../../support/fake-clock.ts";
import { jsonBody } from "../../support/json-body.ts";
import { type Shop, shop, VAULT } from "../../support/shop.ts";
import { effects } from "./effects.ts";

/** The pod's token endpoint as its application asks it, in front of the real issuer. */
async function endpointOf(it: Shop) {
  const { clock } = it.world;
  let calls = 0;
  const issuer = createIssuerClient({
    url: it.url,
    readSubjectToken: async () => it.subjectToken,
    clock,
    fetch: Object.assign(
      (...request: Parameters<typeof fetch>) => {
        calls += 1;
        return fetch(...request);
      },
      { preconnect: () => {} },
    ),
  });
  const handler = createHandler({ endpointHeader: "secret", issuer, clock });
  const ask = async () => {
    await settle();
    const request = new Request(`http://127.0.0.1/token?audience=${VAULT}`, { headers: { Metadata: "true" } });
    const reply = await handler.handle(request);
    return { status: reply.status, token: (await jsonBody(reply)).access_token };
  };
  return { ask, stop: () => handler.stop(), calls: () => calls };
}

describe.each(effects)("when $name", ({ take, newToken }) => {
  test("four seconds later the endpoint serves its kept token no more", async () => {
    const it = await shop();
    const { ask, stop } = await endpointOf(it);
    const { token } = await ask();
    await take(it, token);
    expect(await ask()).toEqual({ status: 200, token });
    await it.world.clock.advance(4000);
    const after = await ask();
    expect(after.token).not.toBe(token);
    expect(after.status < 400 ? "good" : "refused").toBe(newToken);
    await it.world.clock.advance(4000);
    expect((await ask()).token).toBe(after.token);
    stop();
  });
});

test("a pod that does not ask sends nothing, revoked or not", async () => {
  const it = await shop();
  const { ask, stop, calls } = await endpointOf(it);
  await ask();
  await it.world.revocation("shop/leaked", { managedIdentity: "orders" });
  await it.world.clock.advance(600_000);
  expect(calls()).toBe(1);
  stop();
});
