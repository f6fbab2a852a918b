import { expect, test } from "vitest";
import { vaultDomainProblem } from "../../identity/vault-domain.ts";

const name = expect.stringContaining("expected a DNS name");
const overlap = expect.stringContaining("does not overlap with the names of Services");

test.each([
  ["vault.example.com", undefined],
  ["example.internal", undefined],
  ["mysvc.example", undefined],
  [`${"a".repeat(63)}.${"b".repeat(61)}`, undefined],
  [`${"a".repeat(63)}.${"b".repeat(62)}`, name],
  [`${"a".repeat(64)}.example`, name],
  ["", name],
  ["example", name],
  [".example.com", name],
  ["vault.example.com.", name],
  ["Vault.example.com", name],
  ["*.example.com", name],
  ["vault.example.com:443", name],
  ["10.0.0.1", name],
  ["vault.svc", overlap],
  ["cluster.local", overlap],
  ["svc.cluster.local", overlap],
  ["vaults.cluster.local", overlap],
])("%s: %s", (domain, problem) => {
  expect(vaultDomainProblem(domain, "cluster.local")).toEqual(problem);
});

test("a domain above the cluster's overlaps with it", () => {
  expect(vaultDomainProblem("example.com", "k8s.example.com")).toEqual(overlap);
  expect(vaultDomainProblem("vault.example.com", "k8s.example.com")).toBeUndefined();
});
