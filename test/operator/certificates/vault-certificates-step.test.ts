import { expect, test } from "vitest";
import {
  type VaultCertificate,
  type VaultCertificatesFacts,
  vaultCertificatesStep,
} from "../../../operator/certificates/vault-certificates-step.ts";

const good: VaultCertificate = { dnsNames: ["a.x.svc", "a.x.svc.local"], isCurrent: true, notBefore: 0, notAfter: 30 };
const wanted = new Map([["a.x.svc", ["a.x.svc", "a.x.svc.local"]]]);

const decide = (held: Record<string, VaultCertificate> | undefined, more: Partial<VaultCertificatesFacts> = {}) =>
  vaultCertificatesStep({ held: held && new Map(Object.entries(held)), wanted, now: 10, ...more });

test("good ones are left alone for two thirds of the life of the oldest", () => {
  const older = { ...good, dnsNames: ["b"], notAfter: 27 };
  const both = new Map([...wanted, ["b", ["b"]]]);
  expect(decide({ "a.x.svc": good, b: older }, { wanted: both })).toEqual({ kind: "wait", until: 18 });
});

test("where there are no vaults nothing is waited for", () => {
  expect(decide({}, { wanted: new Map() })).toEqual({ kind: "wait", until: undefined });
});

test.each<{ when: string; held: Record<string, VaultCertificate> | undefined; now?: number }>([
  { when: "there is no key", held: undefined },
  { when: "two thirds of a life are over", held: { "a.x.svc": good }, now: 20 },
  { when: "another authority signs", held: { "a.x.svc": { ...good, isCurrent: false } } },
])("all are replaced, with a new key, when $when", ({ held, now = 10 }) => {
  expect(decide(held, { now }).kind).toBe("replace");
});

test("what belongs to a vault that is gone replaces nothing, and goes", () => {
  const gone = { ...good, isCurrent: false, notAfter: 3 };
  expect(decide({ "a.x.svc": good, "gone.x.svc": gone })).toEqual({ kind: "change", issue: [] });
});

test.each<{ when: string; held: Record<string, VaultCertificate> }>([
  { when: "there is none", held: {} },
  { when: "a name is missing", held: { "a.x.svc": { ...good, dnsNames: ["a.x.svc"] } } },
  { when: "a name is another", held: { "a.x.svc": { ...good, dnsNames: ["a.x.svc", "b"] } } },
])("one is issued for a vault when $when", ({ held }) => {
  expect(decide(held)).toEqual({ kind: "change", issue: ["a.x.svc"] });
});
