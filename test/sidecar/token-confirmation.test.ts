import { describe, expect, test } from "vitest";
import type { Confirmation } from "../../sidecar/confirmation.ts";
import type { IssuerReply } from "../../sidecar/issuer-reply.ts";
import { granted, refusing, unavailable } from "./fake-issuer.ts";
import { testCache, vault } from "./test-cache.ts";

const MINUTE = 60_000;
const FIVE_SECONDS = 5000;

describe("a kept token is confirmed", () => {
  test("only after it was served for four seconds, by one call for all who wait", async () => {
    const { clock, issuer, get } = testCache();
    await get();
    await clock.advance(3999);
    await get();
    expect(issuer.confirmed).toEqual([]);
    await clock.advance(1);
    expect(await Promise.all([get(), get()])).toEqual(["token-1", "token-1"]);
    expect(issuer.confirmed).toEqual(["token-1"]);
    await get();
    expect(issuer.confirmed).toHaveLength(1);
    expect(issuer.calls).toBe(1);
  });

  test("and goes when the issuer would not give it any more: the next request hears why", async () => {
    const { clock, issuer, get } = testCache();
    await get();
    issuer.confirmation = "changed";
    issuer.answers(refusing());
    await clock.advance(FIVE_SECONDS);
    expect(await get()).toBe("RoleAssignmentRequired");
  });

  test("and is replaced when its roles changed", async () => {
    const { clock, issuer, get } = testCache();
    await get();
    issuer.confirmation = "changed";
    await clock.advance(FIVE_SECONDS);
    expect(await get()).toBe("token-2");
  });

  test("and is not served again after it was revoked, though the issuer goes away at once", async () => {
    const { clock, issuer, get } = testCache();
    await get();
    issuer.confirmation = "changed";
    issuer.answers(unavailable);
    await clock.advance(FIVE_SECONDS);
    expect(await get()).toBe("IssuerUnavailable");
    issuer.confirmation = "unknown";
    await clock.advance(FIVE_SECONDS);
    expect(await get()).toBe("IssuerUnavailable");
  });

  test("and what is said of it does not concern the one that came meanwhile", async () => {
    const { cache, clock, issuer, get } = testCache();
    await get();
    const said = Promise.withResolvers<Confirmation>();
    issuer.confirmation = said.promise;
    await clock.advance(FIVE_SECONDS);
    const waiting = get();
    await cache.getFresh(vault);
    issuer.answers(unavailable);
    said.resolve("changed");
    expect(await waiting).toBe("token-2");
    expect(await get()).toBe("token-2");
  });

  test("and stays while the issuer says nothing, which is asked again four seconds later", async () => {
    const { clock, issuer, get } = testCache();
    await get();
    issuer.confirmation = "unknown";
    await clock.advance(FIVE_SECONDS);
    expect(await get()).toBe("token-1");
    await clock.advance(FIVE_SECONDS);
    expect(await get()).toBe("token-1");
    expect(issuer.confirmed).toHaveLength(2);
  });

  test("four seconds after the issuer was asked, however late its reply: a renewal may bring a token from before the revocation", async () => {
    const { cache, clock, issuer, get } = testCache();
    await get();
    const renewal = Promise.withResolvers<IssuerReply>();
    issuer.answers(() => renewal.promise);
    const renewed = cache.getFresh(vault);
    await clock.advance(FIVE_SECONDS);
    renewal.resolve(granted(2));
    await renewed;
    issuer.confirmation = "changed";
    issuer.answers(refusing());
    expect(await get()).toBe("RoleAssignmentRequired");
    expect(issuer.confirmed).toEqual(["token-2"]);
  });

  test("and costs nothing while nobody asks", async () => {
    const { clock, issuer, get } = testCache();
    await get();
    await clock.advance(30 * MINUTE);
    expect(issuer.confirmed).toEqual([]);
  });
});
