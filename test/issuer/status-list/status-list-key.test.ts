import fc from "fast-check";
import { expect, test } from "vitest";
import {
  isOpen,
  parseStatusListPath,
  roleDigest,
  type StatusListKey,
  statusListPath,
} from "../../../issuer/status-list/status-list-key.ts";
import { property } from "../../support/property.ts";

const key: StatusListKey = {
  principalId: "6f0c3a1e-52a4-4c11-9d7e-6a2f0c9b1e44",
  namespace: "shop",
  serviceAccount: "orders",
  cohort: 2_993_760,
  roles: ["reader", "secrets-reader"].map(roleDigest),
  known: undefined,
  audience: "https://payments-vault.payments.svc",
};

test("the address of a list says all that its tokens have in common", () => {
  expect(statusListPath(key)).toBe(
    `/status-lists/${key.principalId}/shop/orders/2993760/PQlBlkqj69ywYgyPbp8Vk7FK/-/${Buffer.from(key.audience).toString("base64url")}`,
  );
});

const name = fc.stringMatching(/^[a-z](?:[a-z\d-]{0,20}[a-z\d])?$/);
const keys: fc.Arbitrary<StatusListKey> = fc.record({
  principalId: fc.uuid(),
  namespace: name,
  serviceAccount: name,
  cohort: fc.nat(9_999_999),
  roles: fc.array(name.map(roleDigest), { maxLength: 4 }),
  known: fc.option(fc.stringMatching(/^\d{10}(?:\.[\da-f]{12}){1,16}$/), { nil: undefined }),
  audience: fc.stringMatching(/^[!-.0-~][!-~]{0,400}$/),
});
property("an address is read as what it was written from", [keys], (written) => {
  expect(parseStatusListPath(statusListPath(written))).toEqual(written);
});

property("whatever is asked for, nothing throws", [fc.webPath()], (path) => {
  parseStatusListPath(`/status-lists${path}`);
});

const path = statusListPath(key);
test.each([
  "/status-lists/",
  `${path}/`,
  `${path}=`,
  path.toUpperCase(),
  path.replace("/2993760/", "/02993760/"),
  path.replace("/shop/", "/../"),
  path.replace("/shop/", "/%73hop/"),
])("what no issuer writes is no address: %s", (wrong) => {
  expect(parseStatusListPath(wrong)).toBeUndefined();
});

test("a cohort is open until its ten minutes are over, and a minute more", () => {
  const begin = key.cohort * 600_000;
  expect([0, 599_999, 659_999, 660_000].map((after) => isOpen(key.cohort, begin + after))).toEqual([
    ...[true, true, true, false],
  ]);
});
