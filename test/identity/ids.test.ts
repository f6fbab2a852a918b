import fc from "fast-check";
import { expect, test } from "vitest";
import { clientIdOf, principalId, resourceIdOf, tenantId } from "../../identity/ids.ts";
import { property } from "../support/property.ts";

// The expected value is that of Python's uuid.uuid5, which implements the same section of the RFC.
test("a client id is the UUIDv5 of the principal id in the tenant's name space (RFC 9562 §5.5)", () => {
  const principal = principalId("6f0c1d2e-3b4a-4c5d-8e6f-7a8b9c0d1e2f");
  const tenant = tenantId("91aa3f2c-5b0e-4d7a-9c1f-2e8d6b4a7035");
  expect(clientIdOf(principal, tenant)).toBe("9c778b39-381b-5610-b70d-f6beb7cf8d57");
});

test("a resource id names the identity by namespace and name", () => {
  expect(resourceIdOf({ namespace: "shop", name: "orders" })).toBe("/namespaces/shop/managedIdentities/orders");
});

const uuids = fc.uuid({ version: 4 });
property("a client id stands for one principal", [uuids, uuids, uuids], (one, other, tenant) => {
  const idOf = (principal: string): string => clientIdOf(principalId(principal), tenantId(tenant));
  return (one === other) === (idOf(one) === idOf(other));
});
property("a principal has another client id in another tenant", [uuids, uuids, uuids], (principal, one, other) => {
  const idIn = (tenant: string): string => clientIdOf(principalId(principal), tenantId(tenant));
  return (one === other) === (idIn(one) === idIn(other));
});
