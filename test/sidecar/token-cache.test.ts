import { describe, expect, test } from "vitest";
import { tokenQuery } from "../../sidecar/token.ts";
import type { TokenCache } from "../../sidecar/token-cache.ts";
import { granted, refusing, throttling, unavailable } from "./fake-issuer.ts";
import { jwtOf, testCache, vault } from "./test-cache.ts";

const MINUTE = 60_000;

describe("a token in memory", () => {
  test("is given at once, without a promise", async () => {
    const { cache, get } = testCache();
    await get();
    expect(cache.get(vault)).toMatchObject({ kind: "token", token: { jwt: "token-1" } });
  });

  test("is shared by all who ask while it is fetched: one call", async () => {
    const { issuer, get } = testCache();
    expect(await Promise.all([get(), get(), get()])).toEqual(["token-1", "token-1", "token-1"]);
    expect(issuer.calls).toBe(1);
  });

  test.each([
    ["another audience", tokenQuery("https://other", { by: "default" })],
    ["a trailing slash", tokenQuery("https://vault/", { by: "default" })],
    ["an identity named", tokenQuery("https://vault", { by: "clientId", value: "1" })],
    ["the same value as another id", tokenQuery("https://vault", { by: "objectId", value: "1" })],
  ])("is not given for %s", async (_name, other) => {
    const { cache, issuer } = testCache();
    await cache.get(vault);
    await cache.get(tokenQuery("https://vault", { by: "resourceId", value: "1" }));
    await cache.get(other);
    expect(issuer.calls).toBe(3);
  });

  test("counts its times from when it was asked for, by the local clock", async () => {
    const { cache, clock, issuer } = testCache();
    const askedAt = clock.now() / 1000;
    issuer.answers(async () => {
      await clock.advance(7000);
      return granted(1, 3600);
    });
    expect(await cache.get(vault)).toMatchObject({ token: { obtainedAt: askedAt, expiresAt: askedAt + 3600 } });
  });

  test("has a bound: the one not asked for the longest goes", async () => {
    const { cache, clock, issuer, get } = testCache({ cachedTokens: 2 });
    for (const audience of ["a", "b", "a", "c"]) {
      await get(audience);
      await clock.advance(1000);
    }
    expect(cache.size).toBe(2);
    expect([await get("a"), await get("c")]).toEqual(["token-1", "token-3"]);
    expect(await get("b")).toBe("token-4");
    expect(clock.pending).toBe(2);
    expect(issuer.calls).toBe(4);
  });

  test("is not kept after stop, and no timer waits", async () => {
    const { cache, clock, get } = testCache();
    await get();
    cache.stop();
    await get();
    expect({ size: cache.size, pending: clock.pending }).toEqual({ size: 0, pending: 0 });
  });
});

describe("renewal in the background", () => {
  test("happens at 70 to 80 % of the token's life, and nobody waits", async () => {
    const { clock, issuer, get } = testCache();
    await get();
    await clock.advance(44 * MINUTE);
    expect(issuer.calls).toBe(1);
    await clock.advance(2 * MINUTE);
    expect(issuer.calls).toBe(2);
    expect(await get()).toBe("token-2");
    expect(issuer.calls).toBe(2);
  });

  test("stops for a token that nobody asks for any more, which then leaves memory", async () => {
    const { cache, clock, issuer, get } = testCache();
    await get();
    await clock.advance(24 * 60 * MINUTE);
    expect(issuer.calls).toBe(2);
    expect({ size: cache.size, pending: clock.pending }).toEqual({ size: 0, pending: 0 });
  });

  test("goes on for half an hour after the last request, however short the tokens live", async () => {
    const { clock, issuer, get } = testCache();
    issuer.answers(granted(1, 600));
    await get();
    await clock.advance(29 * MINUTE);
    expect(issuer.calls).toBe(8);
    await clock.advance(60 * MINUTE);
    expect(issuer.calls).toBe(8);
  });

  test("counts a request that insists on a new token as one that asks", async () => {
    const { cache, clock, issuer, get } = testCache();
    await get();
    await clock.advance(40 * MINUTE);
    await cache.getFresh(vault);
    await clock.advance(46 * MINUTE);
    expect(issuer.calls).toBe(3);
  });

  test("starts again with the first request for a token that had been left to end", async () => {
    const { clock, issuer, get } = testCache();
    await get();
    await clock.advance(92 * MINUTE);
    expect(issuer.calls).toBe(2);
    expect(await get()).toBe("token-2");
    await clock.advance(0);
    expect(await get()).toBe("token-3");
  });

  test("that fails is tried again with growing pauses, while the token is still served", async () => {
    const { clock, issuer, get } = testCache();
    await get();
    issuer.answers(unavailable);
    await clock.advance(54 * MINUTE);
    expect(await get()).toBe("token-1");
    expect(issuer.calls).toBeGreaterThan(8);
    expect(issuer.calls).toBeLessThan(25);
    issuer.answers(() => granted(99));
    await clock.advance(MINUTE);
    expect(await get()).toBe("token-99");
  });

  test("that is refused takes the token away at once", async () => {
    const { cache, clock, issuer, get } = testCache();
    await get();
    issuer.answers(refusing());
    await clock.advance(46 * MINUTE);
    expect(cache.size).toBe(0);
    expect(await get()).toBe("RoleAssignmentRequired");
  });

  test("that is throttled waits as long as it was told", async () => {
    const { clock, issuer, get } = testCache();
    await get();
    issuer.answers(throttling(120));
    await clock.advance(45 * MINUTE);
    expect(issuer.calls).toBe(2);
    await clock.advance(2 * MINUTE);
    expect(issuer.calls).toBe(2);
    expect(await get()).toBe("token-1");
    await clock.advance(2000);
    expect(issuer.calls).toBe(3);
  });
});

describe("when there is no token to give", () => {
  test("a refusal is kept for a second, so that a loop does not reach the issuer", async () => {
    const { clock, issuer, get } = testCache();
    issuer.answers(refusing());
    for (let request = 0; request < 100; request++) expect(await get()).toBe("RoleAssignmentRequired");
    expect(issuer.calls).toBe(1);
    issuer.answers(granted(1));
    await clock.advance(1000);
    expect(await get()).toBe("token-1");
  });

  test("an outage is said, and over as soon as the issuer is back", async () => {
    const { clock, issuer, get } = testCache();
    issuer.answers(unavailable);
    expect(await get()).toBe("IssuerUnavailable");
    issuer.answers(granted(1));
    await clock.advance(1000);
    expect(await get()).toBe("token-1");
  });

  test("a token that lives under 300 s is not given", async () => {
    const { issuer, get } = testCache();
    issuer.answers(granted(1, 299));
    expect(await get()).toBe("TokenTooShort");
  });

  test("a token is given to its last servable second, and not after", async () => {
    const { clock, issuer, get } = testCache();
    await get();
    issuer.answers(unavailable);
    await clock.advance(3300_000);
    expect(await get()).toBe("token-1");
    await clock.advance(1);
    expect(await get()).toBe("IssuerUnavailable");
  });
});

describe("a request that insists on a new token", () => {
  const fresh = async ({ cache }: { cache: TokenCache }) => jwtOf(await cache.getFresh(vault));

  test("gets one, and so do those after it", async () => {
    const tested = testCache();
    await tested.get();
    expect([await fresh(tested), await tested.get()]).toEqual(["token-2", "token-2"]);
  });
  test("gets the cached one while the issuer is away", async () => {
    const tested = testCache();
    await tested.get();
    tested.issuer.answers(unavailable);
    expect(await fresh(tested)).toBe("token-1");
  });
  test("loses the cached one when the issuer refuses", async () => {
    const tested = testCache();
    await tested.get();
    tested.issuer.answers(refusing());
    expect([await fresh(tested), await tested.get()]).toEqual(["RoleAssignmentRequired", "RoleAssignmentRequired"]);
  });
});
