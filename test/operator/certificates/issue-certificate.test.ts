import { X509Certificate } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { KeyPair } from "../../../kube/key-pair.ts";
import { issueAuthority, issueServing } from "../../../operator/certificates/issue-certificate.ts";
import { domainsOf } from "../../../operator/certificates/name-constraints.ts";

const domains = domainsOf("cluster.local");
const YEAR = 365 * 24 * 3_600_000;
const now = Date.parse("2026-11-21T12:00:00Z");
const authority: KeyPair = await issueAuthority({ domains, notBefore: now, notAfter: now + YEAR });
const dnsNames = ["lanyard-issuer.lanyard-system.svc", "lanyard-issuer"];
const serving: KeyPair = await issueServing({ authority, dnsNames, notBefore: now, notAfter: now + YEAR / 12 });

const read = ({ cert }: KeyPair): X509Certificate => new X509Certificate(cert);

describe("an authority", () => {
  test("may sign, and signs itself", () => {
    expect(read(authority).ca).toBe(true);
    expect(read(authority).verify(read(authority).publicKey)).toBe(true);
  });

  test("has a name of its own", async () => {
    const later = await issueAuthority({ domains, notBefore: now + 1000, notAfter: now + YEAR });
    expect(read(later).subject).not.toBe(read(authority).subject);
  });

  test("lives as long as it was asked to", () => {
    expect(read(authority).validFromDate).toEqual(new Date(now));
    expect(read(authority).validToDate).toEqual(new Date(now + YEAR));
  });
});

describe("a serving certificate", () => {
  test("is signed by the authority, and signs for nobody", () => {
    expect(read(serving).checkIssued(read(authority))).toBe(true);
    expect(read(serving).verify(read(authority).publicKey)).toBe(true);
    expect(read(serving).ca).toBe(false);
  });

  test("is for a TLS server alone, with a key on P-256", () => {
    expect(read(serving).keyUsage).toEqual(["1.3.6.1.5.5.7.3.1"]);
    expect(read(serving).publicKey.asymmetricKeyDetails).toEqual({ namedCurve: "prime256v1" });
  });

  test("is for its names, and for no other", () => {
    for (const name of dnsNames) expect(read(serving).checkHost(name)).toBe(name);
    expect(read(serving).checkHost("lanyard-webhook.lanyard-system.svc")).toBeUndefined();
  });

  test("ends no later than its authority", async () => {
    const long = await issueServing({ authority, dnsNames, notBefore: now, notAfter: now + 2 * YEAR });
    expect(read(long).validToDate).toEqual(new Date(now + YEAR));
    expect(long.notAfter).toBe(now + YEAR);
  });

  test("has a key that no other has", async () => {
    const other = await issueServing({ authority, dnsNames, notBefore: now, notAfter: now + YEAR });
    expect(other.key).not.toBe(serving.key);
    expect(read(other).serialNumber).not.toBe(read(serving).serialNumber);
  });
});
