import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import { RequestingApi } from "../../../cli/cluster/requesting-api.ts";
import { type Revoked, type RevokeOptions, revoke } from "../../../cli/revoke/revoke.ts";
import { parseTokenReference, readTokenFile } from "../../../cli/revoke/token-reference.ts";
import type { KubeApi } from "../../../kube/api.ts";
import { managedIdentities, tokenRevocations } from "../../../kube/kinds.ts";
import { Cluster } from "../../operator/cluster.ts";
import { limitedApi } from "../cluster/limited-api.ts";

const jti = "5f2b8b2a-70b1-4cf2-8f3e-8fa53b6d7c01.8x2k";
const orders: Revoked = { namespace: "shop", spec: { managedIdentity: "orders" } };

/** The operator answers each write at once, as a person would see it a moment later. */
async function revoked(what: Revoked, options: Partial<RevokeOptions> = {}, cluster?: Cluster, seenApi?: KubeApi) {
  const shop = cluster ?? (await Cluster.withOperator());
  await shop.identity("shop/orders");
  const said: string[] = [];
  const session = {
    ...{ api: seenApi ?? shop.api, clock: shop.clock, namespace: "shop", program: "lanyard", columns: 80 },
    ...{
      customKind: async () => undefined,
      say: (line: string) => void said.push(line),
      confirm: async () => undefined,
      signal: new AbortController().signal,
    },
  };
  const [answer] = await Promise.all([revoke(what, { timeout: 5, ...options }, session), passTime(shop)]);
  return { shop, answer };
}

async function passTime(shop: Cluster): Promise<void> {
  for (let second = 0; second < 10; second++) await shop.advance(1000);
}

test("says whose tokens are revoked, and what remains", async () => {
  const { shop, answer } = await revoked(orders);
  expect(answer.code).toBe(0);
  expect(answer.text).toMatch(
    /^TokenRevocation shop\/orders-[\da-f]{8} created\. Every token of orders from before this object is revoked\.$/,
  );
  expect(answer.notes?.join(" ")).toContain("New tokens can be had");
  expect((await shop.all(tokenRevocations)).map(({ spec }) => spec)).toEqual([orders.spec]);
});

test("with --disable, no new token can be had either", async () => {
  const { shop, answer } = await revoked(orders, { disable: true });
  expect((await shop.get(managedIdentities, "shop/orders")).spec).toMatchObject({
    disabled: true,
    subjects: [{ serviceAccount: "orders" }],
  });
  expect(answer.text).toContain("ManagedIdentity shop/orders is disabled.");
  expect(answer.notes?.join(" ")).not.toContain("New tokens");
});

test("an identity that was disabled is said to be, also when the revocation is refused", async () => {
  const shop = await Cluster.withOperator();
  const api = new RequestingApi(limitedApi(shop.api, (verb) => verb === "create"));
  const { answer } = await revoked(orders, { disable: true }, shop, api);
  expect(answer).toMatchObject({ code: 1, text: "ManagedIdentity shop/orders is disabled.", data: { disabled: true } });
  expect(answer.notes?.join()).toContain("You may not create tokenrevocations.lanyard.dev in namespace shop.");
});

test("an identity that is gone is not made again to disable it", async () => {
  const shop = await Cluster.withOperator();
  const gone = { namespace: "shop", spec: { managedIdentity: "gone" } };
  await expect(revoked(gone, { disable: true }, shop)).rejects.toMatchObject({ reason: "NotFound" });
  expect((await shop.all(managedIdentities)).map(({ metadata }) => metadata.name)).toEqual(["orders"]);
});

test.each<[Revoked["spec"], RegExp]>([
  [{ pod: { name: "orders-0" } }, /^pod-orders-0-/],
  [{ tokenId: jti }, /^token-/],
])("names the revocation after %j", async (spec, name) => {
  const { shop } = await revoked({ namespace: "shop", spec });
  expect((await shop.all(tokenRevocations))[0]?.metadata.name).toMatch(name);
});

test("finds a problem when nobody confirms it in time, since nobody may be there to delete it again", async () => {
  const { answer } = await revoked(orders, {}, await Cluster.withoutOperator());
  expect(answer.code).toBe(1);
  expect(answer.text).toContain("is it running?");
});

test("a revocation that no API server would take is not sent", async () => {
  const spec = { tokenId: "not a jti" };
  await expect(revoked({ namespace: "shop", spec })).rejects.toThrow(/tokenId/);
});

describe("the token that somebody found", () => {
  const jwt = (claims: object): string => `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.AA`;
  const mirid = "/namespaces/shop/managedIdentities/orders";

  test("says which it is, and where its identity lives", () => {
    expect(parseTokenReference(jwt({ jti, xms_mirid: mirid }), "other")).toEqual({ jti, namespace: "shop" });
  });

  test.each([
    "a.b.c",
    jwt({}),
    jwt({ jti, xms_mirid: "/namespaces/../x" }),
    jwt({ jti: "abc", xms_mirid: mirid }),
    jwt({ xms_mirid: mirid }),
  ])("is refused when it is none of ours: %s", (token) => {
    expect(() => parseTokenReference(token, "shop")).toThrow(/not an access token/);
  });

  test.each([
    [jti, jti],
    ["5F2B8B2A-70B1-4CF2-8F3E-8FA53B6D7C01", "5f2b8b2a-70b1-4cf2-8f3e-8fa53b6d7c01"],
    [` ${jti}\n`, jti],
  ])("by its id %j", (given, expected) => {
    expect(parseTokenReference(given, "shop")).toEqual({ jti: expected, namespace: "shop" });
  });

  test.each([
    ...["", "x", "abc", "5f2b.8x", "5f2b8b2a70b14cf28f3e8fa53b6d7c01", `${jti}.1`, `${jti}0`],
    ...["5f2b8b2a-70b1-4cf2-8f3e-8fa53b6d7c01.zzzz", "g".repeat(36), "a.b", "orders", "shop/orders"],
  ])("is wrong usage when no token has this id: %j", (given) => {
    expect(() => parseTokenReference(given, "shop")).toThrow(/cannot be the id of a token|not an access token/);
  });

  test("is read from standard input, where nobody else sees it", async () => {
    expect(await readTokenFile("-", Readable.from(["e30.e30.AA\n"]))).toBe("e30.e30.AA");
  });

  test("that is not there says so", async () => {
    await expect(readTokenFile("/nonexistent/token")).rejects.toThrow(/cannot be read/);
  });
});
