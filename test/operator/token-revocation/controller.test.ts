import { expect, test } from "vitest";
import { managedIdentities, tokenRevocations } from "../../../kube/kinds.ts";
import { conditionOf } from "../builders.ts";
import { Cluster } from "../cluster.ts";

const HOUR = 3_600_000;
const tokenId = "5f2b8b2a-70b1-4cf2-8f3e-8fa53b6d7c01.8x2k";

async function ready(cluster: Cluster, name = "shop/leaked") {
  const { status } = await cluster.get(tokenRevocations, name);
  const { reason, message } = conditionOf(status, "Ready") ?? {};
  return { reason, message };
}

test("a revocation says whose tokens it has revoked", async () => {
  const cluster = await Cluster.withOperator();
  await cluster.identity("shop/orders");
  await cluster.apply(tokenRevocations, "shop/leaked", { spec: { managedIdentity: "orders" } });
  expect(await ready(cluster)).toEqual({
    reason: "Ready",
    message: "Every token of orders from before this object is revoked.",
  });
});

test.each<[object, string]>([
  [{ pod: { name: "orders-0" } }, "Every token of pod orders-0 from before this object is revoked."],
  [{ tokenId }, `The token with the id ${tokenId}, if an identity of this namespace has one, is revoked.`],
])("%j", async (spec, message) => {
  const cluster = await Cluster.withOperator();
  await cluster.apply(tokenRevocations, "shop/leaked", { spec });
  expect(await ready(cluster)).toEqual({ reason: "Ready", message });
});

test.each(["abc", "5f2b.8x2k", "5f2b8b2a-70b1-4cf2-8f3e-8fa53b6d7c01.zzzz"])(
  "no token has the id %s, and the condition says so",
  async (tokenId) => {
    const cluster = await Cluster.withOperator();
    await cluster.apply(tokenRevocations, "shop/leaked", { spec: { tokenId } });
    expect(await ready(cluster)).toMatchObject({ reason: "NotATokenId" });
  },
);

test("a revocation that names no identity says so, with the name that was meant", async () => {
  const cluster = await Cluster.withOperator();
  await cluster.identity("shop/orders");
  await cluster.apply(tokenRevocations, "shop/leaked", { spec: { managedIdentity: "order" } });
  const { reason, message } = await ready(cluster);
  expect(reason).toBe("RevokedIdentityNotFound");
  expect(message).toContain('"orders"');
});

test("it is looked at again when an identity comes or goes", async () => {
  const cluster = await Cluster.withOperator();
  await cluster.apply(tokenRevocations, "shop/leaked", { spec: { managedIdentity: "orders" } });
  expect(await ready(cluster)).toMatchObject({ reason: "RevokedIdentityNotFound" });
  await cluster.identity("shop/orders");
  expect(await ready(cluster)).toMatchObject({ reason: "Ready" });
  await cluster.delete(managedIdentities, "shop/orders");
  expect(await ready(cluster)).toMatchObject({ reason: "RevokedIdentityNotFound" });
});

test("it stays for as long as the longest token lives, and is then deleted", async () => {
  const cluster = await Cluster.withOperator();
  await cluster.apply(tokenRevocations, "shop/leaked", { spec: { tokenId } });
  await cluster.advance(24 * HOUR);
  expect(await cluster.all(tokenRevocations)).toHaveLength(1);
  await cluster.advance(HOUR);
  expect(await cluster.all(tokenRevocations)).toEqual([]);
});

test("one that is over when the operator starts is deleted at once", async () => {
  const cluster = await Cluster.withoutOperator();
  await cluster.apply(tokenRevocations, "shop/leaked", { spec: { tokenId } });
  await cluster.advance(48 * HOUR);
  await cluster.startOperator();
  expect(await cluster.all(tokenRevocations)).toEqual([]);
});

test("more than 1,000 in a namespace are not told apart, and the newer ones say so and what to do", async () => {
  const cluster = await Cluster.withOperator();
  for (let at = 0; at < 1_000; at++) {
    await cluster.apply(tokenRevocations, `shop/leaked-${at}`, { spec: { pod: { name: `orders-${at}` } } });
  }
  expect((await ready(cluster, "shop/leaked-999")).reason).toBe("Ready");
  await cluster.apply(tokenRevocations, "shop/one-more", { spec: { managedIdentity: "orders" } });
  const { reason, message } = await ready(cluster, "shop/one-more");
  expect(reason).toBe("TooManyRevocations");
  expect(message).toContain("delete revocations that are not needed");
  for (let at = 0; at < 10; at++) await cluster.delete(tokenRevocations, `shop/leaked-${at}`);
  await cluster.advance(600_000);
  expect((await ready(cluster, "shop/one-more")).reason).toBe("RevokedIdentityNotFound");
}, 30_000);
