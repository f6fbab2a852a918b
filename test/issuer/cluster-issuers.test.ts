import { describe, expect, test } from "vitest";
import { clusterIssuers } from "../../issuer/cluster-issuers.ts";
import { ClusterKeysError } from "../../issuer/cluster-keys.ts";
import { FakeClock, settle } from "../support/fake-clock.ts";

const [FIRST, SECOND, OTHER] = ["https://first.example", "https://second.example", "https://other.example"];
const MINUTES = 60_000;

/** An API server that accepts tokens of some issuers, of which it makes the first; and what it was asked. */
function apiServer(...accepted: string[]) {
  const clock = new FakeClock();
  const state = { accepted, isAway: false };
  const asked = { discoveries: 0, reviews: 0 };
  const answer = <T>(value: () => T): Promise<T> =>
    state.isAway ? Promise.reject(new Error("no answer")) : Promise.resolve(value());
  const issuers = clusterIssuers(
    {
      current: () => {
        asked.discoveries += 1;
        return answer(() => state.accepted[0] ?? "");
      },
      review: (token) => {
        asked.reviews += 1;
        return answer(() => state.accepted.some((issuer) => token.startsWith(`${issuer} `)) && !token.endsWith("dead"));
      },
    },
    clock,
  );
  return { clock, state, asked, accepts: (issuer: string, pod = "a") => issuers.accepts(issuer, `${issuer} ${pod}`) };
}

describe("clusterIssuers", () => {
  test("accepts the issuer that the API server names, without a review", async () => {
    const { accepts, asked } = apiServer(FIRST);
    for (let count = 0; count < 3; count++) expect(await accepts(FIRST)).toBe(true);
    expect(asked).toEqual({ discoveries: 1, reviews: 0 });
  });

  test("accepts an older issuer that the API server accepts, and asks once", async () => {
    const { accepts, asked } = apiServer(FIRST, SECOND);
    for (const pod of ["a", "b", "c"]) expect(await accepts(SECOND, pod)).toBe(true);
    expect(asked.reviews).toBe(1);
  });

  test("notices a new issuer, while tokens of the one before are good for as long as the API server says", async () => {
    const { accepts, state, clock } = apiServer(FIRST);
    expect(await accepts(FIRST)).toBe(true);
    state.accepted = [SECOND, FIRST];
    await clock.advance(11_000);
    expect([await accepts(SECOND), await accepts(FIRST)]).toEqual([true, true]);
    state.accepted = [SECOND];
    await clock.advance(6 * MINUTES);
    await accepts(FIRST);
    await settle();
    expect([await accepts(SECOND), await accepts(FIRST)]).toEqual([true, false]);
  });

  test("refuses an issuer that the API server does not accept, and does not ask again about the same token", async () => {
    const { accepts, asked, clock } = apiServer(FIRST);
    for (let count = 0; count < 3; count++) expect(await accepts(OTHER)).toBe(false);
    expect(asked.reviews).toBe(1);
    await clock.advance(11_000);
    await accepts(OTHER);
    expect(asked.reviews).toBe(2);
  });

  test("does not refuse one pod's token for another's, whose pod is gone", async () => {
    const { accepts } = apiServer(FIRST, SECOND);
    const both = [accepts(SECOND, "dead"), accepts(SECOND, "alive")];
    expect(await Promise.all(both)).toEqual([false, true]);
  });

  test("asks one question for many tokens at once", async () => {
    const { accepts, asked } = apiServer(FIRST, SECOND);
    const all = Array.from({ length: 50 }, (_, index) => accepts(SECOND, `pod-${index}`));
    expect(new Set(await Promise.all(all))).toEqual(new Set([true]));
    expect(asked.reviews).toBe(1);
  });

  test("keeps what it knows while the API server does not answer, and blames no token for it", async () => {
    const { accepts, state, clock } = apiServer(FIRST, SECOND);
    await accepts(FIRST);
    state.isAway = true;
    await clock.advance(30 * MINUTES);
    expect(await accepts(FIRST)).toBe(true);
    await expect(accepts(SECOND)).rejects.toThrow(ClusterKeysError);
    state.isAway = false;
    expect(await accepts(SECOND)).toBe(true);
  });

  test("bounds how often the API server is asked", async () => {
    const { accepts, asked } = apiServer(FIRST);
    const outcomes: unknown[] = [];
    for (let count = 0; count < 100; count++) {
      outcomes.push(await accepts(OTHER, `pod-${count}`).catch((error: unknown) => error));
    }
    expect(asked.reviews).toBeLessThanOrEqual(20);
    expect(outcomes.at(-1)).toBeInstanceOf(ClusterKeysError);
    expect(await accepts(FIRST)).toBe(true);
  });
});
