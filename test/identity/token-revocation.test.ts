import { expect, test } from "vitest";
import { tokenRevocationSpecSchema } from "../../identity/token-revocation.ts";

test.each<[string, object, boolean]>([
  ["an identity", { managedIdentity: "orders" }, true],
  ["a pod of that name", { pod: { name: "orders-0" } }, true],
  ["one pod", { pod: { name: "orders-0", uid: "6f0c" } }, true],
  ["a token", { tokenId: "5f2b8b2a-70b1-4cf2-8f3e-8fa53b6d7c01.8x2k" }, true],
  ["nothing", {}, false],
  ["two things", { managedIdentity: "orders", tokenId: "a" }, false],
  ["an identity of another namespace", { managedIdentity: "shop/orders" }, false],
  ["a pod of another namespace", { pod: { name: "shop/orders-0" } }, false],
  ["a whole token", { tokenId: "eyJ hbGciOi" }, false],
])("a revocation of %s", (_what, spec, isTaken) => {
  expect(tokenRevocationSpecSchema.safeParse(spec).success).toBe(isTaken);
});
