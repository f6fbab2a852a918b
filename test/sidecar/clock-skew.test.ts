import { createLocalJWKSet, jwtVerify } from "jose";
import { describe, expect, onTestFinished, test } from "vitest";
import { createHandler } from "../../sidecar/handler.ts";
import { createIssuerClient } from "../../sidecar/issuer-client.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { jsonBody } from "../support/json-body.ts";
import { type Shop, shop, VAULT } from "../support/shop.ts";

const FIVE_MINUTES = 300_000;

/** The token endpoint of the shop's pod, on a machine whose clock differs from the issuer's by so many milliseconds. */
function endpointOf(it: Shop, skew: number) {
  const clock = new FakeClock(it.world.clock.now() + skew);
  const issuer = createIssuerClient({ url: it.url, readSubjectToken: async () => it.subjectToken, clock });
  const handler = createHandler({ endpointHeader: "h", issuer, clock });
  onTestFinished(() => handler.stop());
  const url = `http://127.0.0.1/token?audience=${VAULT}`;
  const ask = async () => jsonBody(await handler.handle(new Request(url, { headers: { Metadata: "true" } })));
  return { clock, ask };
}

/** As a target verifies, with no tolerance of its own. */
async function verify(it: Shop, token: string, now: number): Promise<string> {
  const keys = createLocalJWKSet(await jsonBody(it.get("/keys")));
  const options = { issuer: it.url, audience: VAULT, currentDate: new Date(now) };
  return jwtVerify(token, keys, options).then(
    () => "good",
    (error) => error.code,
  );
}

describe.each([
  ["ahead of", FIVE_MINUTES],
  ["behind", -FIVE_MINUTES],
])("a clock that is five minutes %s the issuer's", (_name, skew) => {
  test("in the pod: the application is told an end by its own clock", async () => {
    const it = await shop();
    const { clock, ask } = endpointOf(it, skew);
    const { expires_on, expires_in } = await ask();
    expect([expires_on - clock.now() / 1000, expires_in]).toEqual([3600, 3600]);
  });

  test("at the target: the token is good from when it is issued for as long as the pod serves it", async () => {
    const it = await shop();
    const issuedAt = it.world.clock.now();
    const { access_token } = await endpointOf(it, 0).ask();
    expect(await verify(it, access_token, issuedAt + skew)).toBe("good");
    const servedUntil = issuedAt + (3600 - 300) * 1000;
    expect(await verify(it, access_token, servedUntil + skew - 1000)).toBe("good");
  });

  test("at the API server: the pod's own token is taken", async () => {
    const it = await shop();
    const now = Math.floor((it.world.clock.now() + skew) / 1000);
    const claims = { iat: now, nbf: now, exp: now + 3600 };
    const subject_token = await it.tokens.mintPodToken(it.pod, it.account, { claims });
    expect((await it.exchange({ subject_token })).status).toBe(200);
  });
});
