import { describe, expect, test } from "vitest";
import { generateSigningKeys } from "../../issuer/signing-keys.ts";
import { managedIdentities } from "../../kube/kinds.ts";
import { claimsOf } from "../support/claims-of.ts";
import { jsonBody } from "../support/json-body.ts";
import { type Shop, shop, VAULT } from "../support/shop.ts";
import { programs, startChecking } from "./check-tokens.ts";
import { AUDIENCE, type Forgery, listsServer, MOVED } from "./lists-server.ts";

const TTL_SECONDS = 2;
const HOUR_SECONDS = 3600;
const past = Math.floor(Date.now() / 1000) - HOUR_SECONDS;
const stranger = await generateSigningKeys();

const forgeries: readonly [string, Forgery][] = [
  ["is signed with a key that is not the issuer's", { key: stranger }],
  ["is signed, but as another type of token", { typ: "at+jwt" }],
  ["is that of another address", { claims: { sub: "http://127.0.0.1/status-lists/two" } }],
  ["is that of another issuer", { claims: { iss: "https://issuer.example.com" } }],
  ["is out of date", { claims: { iat: past, exp: past + 1 } }],
  ["has no end", { claims: { exp: undefined } }],
  ["is of two bits each", { claims: { status_list: { bits: 2, lst: "eJxjYAAAAAIAAQ" } } }],
  ["is not compressed", { claims: { status_list: { bits: 1, lst: "AAAA" } } }],
  ["says that the token was revoked", { bits: new Uint8Array([32]) }],
  ["is too short for the token", { idx: 128 }],
  ["has no place before the first", { idx: -1 }],
  ["would fill the memory", { bits: new Uint8Array(2 ** 28) }],
  ["cannot be had", { status: 500 }],
  ["has moved", { status: 302, headers: { location: MOVED } }],
];

const otherTokens: readonly [string, Required<Forgery>["token"]][] = [
  ["is signed with a key that is not the issuer's", { key: stranger }],
  ["is signed, but as another type of token", { typ: "JWT" }],
  ["is for another service", { claims: { aud: "https://orders.shop.svc" } }],
  ["is of another issuer", { claims: { iss: "https://issuer.example.com" } }],
  ["has ended", { claims: { exp: past } }],
  ["names no status list", { claims: { status: undefined } }],
  ["has no end", { claims: { exp: undefined } }],
  ["is nobody's", { claims: { sub: undefined } }],
  ["is signed with another algorithm than those that it takes", { signature: "EdDSA" }],
];

const places: readonly [string, unknown][] = [
  ["no place", undefined],
  ["a place that is null", null],
  ["a place that is text", "5"],
  ["a place between two", 5.5],
  ["a place that only comes around to one of its list", 2 ** 32 + 5],
];

/** The programs have the clock of this machine, so that the issuer must have it too. */
const keepUp = (it: Shop): Promise<void> => it.world.clock.advance(Math.max(0, Date.now() - it.world.clock.now()));

async function newToken(it: Shop): Promise<string> {
  const reply = await it.exchange({ subject_token: await it.tokens.mintPodToken(it.pod, it.account) });
  return (await jsonBody(reply)).access_token;
}

describe.each(Object.entries(programs))("the verifier in %s", (_language, program) => {
  test("lets a good token in, and asks for its list once", async () => {
    const { url, token, lists } = await listsServer();
    const check = startChecking(await program(), url, AUDIENCE);
    for (let times = 0; times < 5; times++) expect(await check(token)).toBe("good: orders");
    expect(lists()).toBe(1);
  });

  test.each(forgeries)("refuses a token whose list %s", async (_what, forgery) => {
    const { url, token } = await listsServer(forgery);
    expect(await startChecking(await program(), url, AUDIENCE)(token)).toMatch(/^refused: /);
  });

  test.each(otherTokens)("refuses a token that %s", async (_what, token) => {
    const issuer = await listsServer({ token });
    expect(await startChecking(await program(), issuer.url, AUDIENCE)(issuer.token)).toMatch(/^refused: /);
    expect(issuer.lists()).toBe(0);
  });

  test.each(places)("refuses a token that has %s in its list", async (_what, idx) => {
    const { url, token } = await listsServer({ idx });
    expect(await startChecking(await program(), url, AUDIENCE)(token)).toMatch(/^refused: /);
  });

  test("asks nobody but the issuer for a list", async () => {
    const foreign = await listsServer();
    const { url, token } = await listsServer({ uri: `${foreign.url}/status-lists/one` });
    expect(await startChecking(await program(), url, AUDIENCE)(token)).toMatch(/^refused: .*names no status list/);
    expect(foreign.lists()).toBe(0);
  });

  test("refuses what was revoked once its list is old, and lets in what was issued since", async () => {
    const it = await shop({ statusListTtlSeconds: TTL_SECONDS });
    await keepUp(it);
    const check = startChecking(await program(), it.url, VAULT);
    const token = await newToken(it);
    expect(await check(token)).toMatch(/^good/);
    await it.world.revocation("shop/leaked", { tokenId: claimsOf(token).jti });
    await expect
      .poll(() => keepUp(it).then(() => check(token)), { timeout: 20_000 })
      .toBe("refused: the token was revoked");
    expect(await check(await newToken(it))).toMatch(/^good/);
  });

  test("does not hold an older list against a token", async () => {
    const it = await shop({ statusListTtlSeconds: 600 });
    await keepUp(it);
    const subjects = [{ serviceAccount: "orders" }];
    const token = await newToken(it);
    await it.world.update(managedIdentities, "shop/orders", { type: "UserAssigned", subjects, disabled: true });
    const check = startChecking(await program(), it.url, VAULT);
    expect(await check(token)).toBe("refused: the token was revoked");
    await it.world.update(managedIdentities, "shop/orders", { type: "UserAssigned", subjects, disabled: false });
    await it.world.clock.advance(2000);
    expect(await check(await newToken(it))).toMatch(/^good/);
  });
});
