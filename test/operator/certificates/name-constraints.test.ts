import { expect, test } from "vitest";
import { issueAuthority } from "../../../operator/certificates/issue-certificate.ts";
import { domainsOf, isPermitted, permittedDomains } from "../../../operator/certificates/name-constraints.ts";
import { unconstrainedAuthority } from "./unconstrained-authority.ts";

const validity = { notBefore: Date.now(), notAfter: Date.now() + 3_600_000 };

test.each([
  [["svc", "svc.cluster.local"]],
  // Lengths that take one byte, two and three in DER.
  [["svc", `svc.${"a".repeat(63)}.${"b".repeat(63)}.example`]],
  [["svc", `svc.${Array.from({ length: 4 }, () => "c".repeat(60)).join(".")}`]],
])("an authority says for which domains it signs: %j", async (domains) => {
  const { cert } = await issueAuthority({ ...validity, domains });
  expect(permittedDomains(cert)).toEqual(domains);
});

test("an authority from before there were constraints says nothing", async () => {
  expect(permittedDomains((await unconstrainedAuthority(validity)).cert)).toBeUndefined();
});

test.each([
  ["payments-vault.payments.vault.example.com", true],
  ["www.example.com", false],
  ["vault.example.com.evil.example", false],
  ["evilvault.example.com", false],
])("with the domain of vaults, %s may be signed for: %j", (name, expected) => {
  expect(isPermitted(name, domainsOf("k8s.example", "vault.example.com"))).toBe(expected);
});

test.each([
  ["lanyard-issuer.lanyard-system.svc", true],
  ["lanyard-issuer.lanyard-system.svc.k8s.example", true],
  ["lanyard-issuer.lanyard-system.svc.cluster.local", false],
  ["google.com", false],
  ["evilsvc", false],
  ["svc.google.com", false],
])("%s may be signed for: %j", (name, expected) => {
  expect(isPermitted(name, domainsOf("k8s.example"))).toBe(expected);
  expect(isPermitted(name, undefined)).toBe(true);
});
