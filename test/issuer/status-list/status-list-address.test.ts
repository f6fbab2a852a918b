import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { exportSigningKeys, generateSigningKeys, importSigningKeys } from "../../../issuer/signing-keys.ts";
import { StatusListAddresses } from "../../../issuer/status-list/status-list-address.ts";
import { roleDigest, type StatusListKey, statusListPath } from "../../../issuer/status-list/status-list-key.ts";
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
const keys = await generateSigningKeys();
const addresses = new StatusListAddresses(keys);
const address = addresses.pathOf(key);
const unsigned = statusListPath(key);
const code = address.slice(unsigned.length + 1);

describe("the address of a list", () => {
  test("ends with a code of 128 bits", () => {
    expect(address).toBe(`${unsigned}/${code}`);
    expect(Buffer.from(code, "base64url")).toHaveLength(16);
  });

  test("is known to another issuer that has the same keys", async () => {
    const another = new StatusListAddresses(await importSigningKeys(await exportSigningKeys(keys)));
    expect(another.keyAt(address)).toEqual(key);
    expect(another.pathOf(key)).toBe(address);
  });

  test("is not known to an issuer that has others", async () => {
    expect(new StatusListAddresses(await generateSigningKeys()).keyAt(address)).toBeUndefined();
  });

  test.each<[string, Partial<StatusListKey>]>([
    ["identity", { principalId: "5f2b8b2a-70b1-4cf2-8f3e-8fa53b6d7c01" }],
    ["namespace", { namespace: "payments" }],
    ["ServiceAccount", { serviceAccount: "reports" }],
    ["cohort", { cohort: 1 }],
    ["roles", { roles: [] }],
    ["known revocations", { known: "1795262400.0123456789ab" }],
    ["audience", { audience: "https://other.payments.svc" }],
  ])("is good for no other %s", (_what, change) => {
    expect(addresses.keyAt(`${statusListPath({ ...key, ...change })}/${code}`)).toBeUndefined();
  });

  test.each([
    ["no code", unsigned],
    ["an empty code", `${unsigned}/`],
    ["half a code", `${unsigned}/${code.slice(0, 11)}`],
    ["a code and more", `${address}A`],
    ["a code of nothing but zeros", `${unsigned}/${"A".repeat(22)}`],
    ["what follows the code", `${address}/`],
    ["nothing but a code", `/status-lists/${code}`],
  ])("is none with %s", (_what, wrong) => {
    expect(addresses.keyAt(wrong)).toBeUndefined();
  });

  test("has room for all that may be in it at its longest", () => {
    const longest = {
      ...{ ...key, namespace: "n".repeat(63), serviceAccount: "s".repeat(253), audience: `https://${"a".repeat(504)}` },
      ...{ known: `1795262400${".0123456789ab".repeat(16)}`, roles: Array<string>(500).fill(roleDigest("reader")) },
    };
    expect(addresses.keyAt(addresses.pathOf(longest))).toEqual(longest);
  });

  test("is read no further than that", () => {
    const tooLong = { ...key, roles: Array<string>(1000).fill(roleDigest("reader")) };
    expect(addresses.keyAt(addresses.pathOf(tooLong))).toBeUndefined();
  });
});

property(
  "whatever is changed in an address, it is none",
  [fc.nat(address.length - 1), fc.string({ maxLength: 3 })],
  (at, put) => {
    const changed = address.slice(0, at) + put + address.slice(at + 1);
    return changed === address || addresses.keyAt(changed) === undefined;
  },
);

property("whatever is asked for, nothing throws", [fc.webPath()], (path) => {
  addresses.keyAt(`/status-lists${path}`);
});
