import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from "jose";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { tokenIdWith } from "../../../identity/token-id.ts";
import { publicKeySet } from "../../../issuer/signing-keys.ts";
import { tokenIndex } from "../../../issuer/status-list/status-index.ts";
import { StatusListAddresses } from "../../../issuer/status-list/status-list-address.ts";
import { StatusLists } from "../../../issuer/status-list/status-lists.ts";
import { managedIdentities, pods, roleAssignments, serviceAccounts, tokenRevocations } from "../../../kube/kinds.ts";
import { claimsOf } from "../../support/claims-of.ts";
import { jsonBody } from "../../support/json-body.ts";
import { type Shop, shop, VAULT } from "../../support/shop.ts";
import { bitsOf, statusOf } from "../revocation/read-status.ts";

const MINUTE = 60_000;
const MIB = 2 ** 20;

function listOf(token: string): { readonly idx: number; readonly uri: string } {
  const { status } = claimsOf(token);
  if (status === undefined) throw new Error("the token names no status list");
  return status.status_list;
}

const setBits = (bits: Uint8Array): number => {
  let count = 0;
  for (const byte of bits) for (let rest = byte; rest > 0; rest >>= 1) count += rest & 1;
  return count;
};

const pathIn = (it: Shop, uri: string): string => uri.slice(it.url.length);

describe("the list that a token names", () => {
  test("is signed with the key of the token, of its own type, and for its own address", async () => {
    const it = await shop();
    const { uri } = listOf(await it.accessToken());
    const jwt = await (await fetch(uri)).text();
    const { payload } = await jwtVerify(jwt, createLocalJWKSet(publicKeySet(it.signingKeys)), {
      ...{ typ: "statuslist+jwt", issuer: it.url, subject: uri },
      currentDate: new Date(it.world.clock.now()),
    });
    const now = it.world.clock.now() / 1000;
    expect(payload).toMatchObject({ iat: now, exp: now + 120, ttl: 30, status_list: { bits: 1 } });
    expect(Object.keys(payload).sort()).toEqual(["exp", "iat", "iss", "status_list", "sub", "ttl"]);
  });

  test("has the algorithm that its resource asks for", async () => {
    const it = await shop();
    const audience = "https://fast.payments.svc";
    await it.world.resource("payments/fast", audience, { signingAlgorithm: "ES256", assignmentRequired: false });
    const token = (await jsonBody(it.exchange({ audience }))).access_token;
    expect(decodeProtectedHeader(await (await fetch(listOf(token).uri)).text()).alg).toBe("ES256");
  });

  test("may be kept as long as it says, and is not sent again to whoever has it", async () => {
    const it = await shop();
    const { uri } = listOf(await it.accessToken());
    const first = await fetch(uri);
    expect(first.headers.get("content-type")).toBe("application/statuslist+jwt");
    expect(first.headers.get("cache-control")).toBe("public, max-age=30");
    expect(first.headers.get("access-control-allow-origin")).toBe("*");
    const etag = first.headers.get("etag") ?? "";
    await it.world.clock.advance(10_000);
    const second = await fetch(uri, { headers: { "if-none-match": etag } });
    expect([second.status, await second.text()]).toEqual([304, ""]);
    await it.world.clock.advance(20_000);
    expect((await fetch(uri, { headers: { "if-none-match": etag } })).status).toBe(200);
  });

  test("is a mebibit, of which little is sent", async () => {
    const it = await shop();
    const jwt = await (await fetch(listOf(await it.accessToken()).uri)).text();
    expect(bitsOf(jwt)).toHaveLength(MIB / 8);
    expect(jwt.length).toBeLessThan(2000);
  });

  test("is the same for the tokens of all the pods of a rollout", async () => {
    const it = await shop();
    const second = await it.world.pod("shop/orders-2", { serviceAccount: "orders" });
    const reply = await it.exchange({ subject_token: await it.tokens.mintPodToken(second, it.account) });
    const [one, other] = [listOf(await it.accessToken()), listOf((await jsonBody(reply)).access_token)];
    expect(one.uri).toBe(other.uri);
    expect(one.idx).not.toBe(other.idx);
  });

  test("stays the same list when nothing was revoked, whoever comes and goes in other cohorts", async () => {
    const it = await shop();
    const before = listOf(await it.accessToken());
    await it.world.clock.advance(15 * MINUTE);
    await it.world.pod("shop/orders-2", { serviceAccount: "orders" });
    expect(listOf(await it.accessToken()).uri).toBe(before.uri);
  });
});

describe("what a list says of pods", () => {
  test("while others of the cohort may still come, everybody but the ended is good", async () => {
    const it = await shop();
    const token = await it.accessToken();
    expect(setBits(bitsOf(await (await fetch(listOf(token).uri)).text()))).toBe(0);
    await it.world.delete(pods, "shop/orders-1");
    await it.world.clock.advance(500);
    expect(setBits(bitsOf(await (await fetch(listOf(token).uri)).text()))).toBe(8);
  });

  test("once the cohort is complete, nobody is good but who is there", async () => {
    const it = await shop();
    const token = await it.accessToken();
    await it.world.clock.advance(15 * MINUTE);
    expect(MIB - setBits(bitsOf(await (await fetch(listOf(token).uri)).text()))).toBe(8);
  });

  test("a pod that ended while the cohort was open is still known to have ended when it is complete", async () => {
    const it = await shop();
    const token = await it.accessToken();
    await it.world.delete(pods, "shop/orders-1");
    for (const age of [0, 11 * MINUTE, 60 * MINUTE]) {
      await it.world.clock.advance(age);
      expect(await statusOf(token)).toBe(1);
    }
  });

  test("a pod that has run to its end is as good as deleted", async () => {
    const it = await shop();
    const done = await it.world.pod("shop/orders-2", { serviceAccount: "orders" });
    const reply = await it.exchange({ subject_token: await it.tokens.mintPodToken(done, it.account) });
    const token = (await jsonBody(reply)).access_token;
    const status = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { namespace: "shop", name: "orders-2" },
      status: { phase: "Succeeded" },
    };
    await it.world.api.applyStatus(pods, status, { fieldManager: "kubelet", force: true });
    await it.world.clock.advance(500);
    expect(await statusOf(token)).toBe(1);
  });

  test.each<[string, (it: Shop) => Promise<unknown>]>([
    [
      "its ServiceAccount was made anew",
      async (it) => {
        await it.world.delete(serviceAccounts, "shop/orders");
        await it.world.clock.advance(1000);
        await it.world.serviceAccount("shop/orders");
      },
    ],
    [
      "its ServiceAccount is no subject any more",
      (it) => it.world.update(managedIdentities, "shop/orders", { subjects: [] }),
    ],
    [
      "a role in the token is not held any more, though another is",
      async (it) => {
        await it.world.role("reader", ["*/read"]);
        await it.world.assignment("payments/other", { to: "shop/orders", role: "reader" });
        await it.world.delete(roleAssignments, "payments/orders-reads");
      },
    ],
  ])("a token is bad when %s", async (_why, end) => {
    const it = await shop();
    const token = await it.accessToken();
    await end(it);
    await it.world.clock.advance(500);
    expect(await statusOf(token)).toBe(1);
  });

  test("a token stays good when its identity gets another role", async () => {
    const it = await shop();
    const token = await it.accessToken();
    await it.world.role("reader", ["*/read"]);
    await it.world.assignment("payments/other", { to: "shop/orders", role: "reader" });
    await it.world.clock.advance(500);
    expect(await statusOf(token)).toBe(0);
  });
});

test("a token stays good when the revocation of another is over and gone", async () => {
  const it = await shop();
  const { uid } = it.pod.metadata;
  const tokens: string[] = [];
  await it.world.revocation("shop/leaked", { tokenId: tokenIdWith("leaked", tokenIndex(uid, 0, new Set())) });
  for (const _turn of [0, 1, 2, 3, 4]) {
    await it.world.clock.advance(15 * MINUTE);
    const reply = await it.exchange({ subject_token: await it.tokens.mintPodToken(it.pod, it.account) });
    tokens.push((await jsonBody(reply)).access_token);
  }
  await it.world.delete(tokenRevocations, "shop/leaked");
  expect(await Promise.all(tokens.map(statusOf))).toEqual([0, 0, 0, 0, 0]);
});

describe("a token with a hundred roles of fifty characters", () => {
  const names = Array.from({ length: 100 }, (_none, index) => `r${index}`.padEnd(50, "-long-name"));
  const manyRoles = async (): Promise<Shop> => {
    const it = await shop();
    for (const role of names) {
      await it.world.role(role);
      await it.world.assignment(`payments/${role}`, { to: "shop/orders", role, resource: "payments-vault" });
    }
    return it;
  };

  test("has a list, and stays good with one role more", async () => {
    const it = await manyRoles();
    const token = await it.accessToken();
    expect(claimsOf(token).roles).toHaveLength(101);
    expect(await statusOf(token)).toBe(0);
    await it.world.role("reader", ["*/read"]);
    await it.world.assignment("payments/other", { to: "shop/orders", role: "reader" });
    await it.world.clock.advance(500);
    expect(await statusOf(token)).toBe(0);
  });

  test("is bad when one of them is not held any more", async () => {
    const it = await manyRoles();
    const token = await it.accessToken();
    await it.world.delete(roleAssignments, `payments/${names[57]}`);
    await it.world.clock.advance(500);
    expect(await statusOf(token)).toBe(1);
  });
});

describe("who asks for what is not there", () => {
  test("of a principal that is there no more, every token is bad", async () => {
    const it = await shop();
    await it.world.clock.advance(15 * MINUTE);
    const { uri } = listOf(await it.accessToken());
    await it.world.delete(managedIdentities, "shop/orders");
    expect(setBits(bitsOf(await (await fetch(uri)).text()))).toBe(MIB);
  });

  test("has no list made by changing an address", async () => {
    const it = await shop();
    const path = pathIn(it, listOf(await it.accessToken()).uri);
    const make = vi.spyOn(StatusLists.prototype, "make");
    onTestFinished(() => make.mockRestore());
    const [, , , , , cohort = "", roles = ""] = path.split("/");
    const unsigned = path.slice(0, path.lastIndexOf("/"));
    const changed = [
      ...[path.replace(roles, "-"), path.replace("/-/", "/1795262400.0123456789ab/"), unsigned, `${unsigned}/`],
      ...Array.from({ length: 20 }, (_none, other) => path.replace(cohort, String(other))),
    ];
    const statuses = await Promise.all(changed.map(async (other) => (await it.get(other)).status));
    expect(new Set(statuses)).toEqual(new Set([404]));
    expect(make).not.toHaveBeenCalled();
    expect((await it.get(path)).status).toBe(200);
    expect(make).toHaveBeenCalledOnce();
  });

  test("gets 404 for an address that no token names", async () => {
    const it = await shop();
    const { uri } = listOf(await it.accessToken());
    for (const path of ["/status-lists/", `${pathIn(it, uri)}/y`, pathIn(it, uri).replace("shop", "..")]) {
      expect((await it.get(path)).status).toBe(404);
    }
  });

  test("makes no list for each address without end", async () => {
    const it = await shop();
    const path = pathIn(it, listOf(await it.accessToken()).uri);
    const addresses = new StatusListAddresses(it.signingKeys);
    const key = addresses.keyAt(path);
    if (key === undefined) throw new Error("the token names no list of its issuer");
    const cohorts = Array.from({ length: 1100 }, (_none, cohort) => addresses.pathOf({ ...key, cohort }));
    const statuses = await Promise.all(cohorts.map(async (cohort) => (await it.get(cohort)).status));
    expect(statuses.filter((status) => status === 200)).toHaveLength(1000);
    expect(statuses.filter((status) => status === 429)).toHaveLength(100);
    expect((await it.get(cohorts[0] ?? "")).status).toBe(200);
  });
});

test("where lists are turned off, tokens name none and none is served", async () => {
  const it = await shop({ statusListTtlSeconds: 0 });
  const claims = claimsOf(await it.accessToken());
  expect(claims.status).toBeUndefined();
  expect(claims.jti).not.toContain(".");
  expect((await it.get("/status-lists/x")).status).toBe(404);
});

test("a token is no larger by its list than by 400 bytes", async () => {
  const [on, off] = [await shop(), await shop({ statusListTtlSeconds: 0 })];
  expect((await on.accessToken()).length - (await off.accessToken()).length).toBeLessThan(400);
  expect(VAULT.length).toBe(35);
});
