import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Secret } from "../../kube/cluster-kinds.ts";
import { readCertificate, readKeyPair } from "../../kube/key-pair.ts";
import { secretData } from "../../kube/secret-data.ts";
import { issueAuthority } from "../../operator/certificates/issue-certificate.ts";
import { domainsOf } from "../../operator/certificates/name-constraints.ts";
import { property } from "../support/property.ts";

const domains = domainsOf("cluster.local");
const now = Date.parse("2026-11-21T12:00:00Z");
const [one, other] = await Promise.all([
  issueAuthority({ domains, notBefore: now, notAfter: now + 1000 }),
  issueAuthority({ domains, notBefore: now, notAfter: now + 1000 }),
]);

const secretOf = (texts: Record<string, string | undefined>): Secret => ({
  ...{ apiVersion: "v1", kind: "Secret", data: secretData(texts) },
  metadata: { name: "a", namespace: "b", uid: "1", resourceVersion: "1", creationTimestamp: "2026-11-21T12:00:00Z" },
});

describe("readKeyPair", () => {
  test("takes a certificate with its key, and says when it holds", () => {
    expect(readKeyPair(secretOf({ "tls.crt": one.cert, "tls.key": one.key }))).toEqual(one);
  });

  test("takes a chain, and goes by its first certificate", () => {
    const chain = one.cert + other.cert;
    expect(readKeyPair(secretOf({ "tls.crt": chain, "tls.key": one.key }))).toEqual({ ...one, cert: chain });
  });

  test.each([
    { given: "no certificate", texts: { "tls.key": one.key } },
    { given: "no key", texts: { "tls.crt": one.cert } },
    { given: "another's key", texts: { "tls.crt": one.cert, "tls.key": other.key } },
    { given: "a broken certificate", texts: { "tls.crt": one.cert.slice(0, 200), "tls.key": one.key } },
    { given: "a broken key", texts: { "tls.crt": one.cert, "tls.key": one.key.slice(0, 100) } },
    { given: "nothing", texts: {} },
  ])("takes no pair with $given", ({ texts }) => {
    expect(readKeyPair(secretOf(texts))).toBeUndefined();
  });

  test("a Secret without data holds no pair", () => {
    expect(readKeyPair({ ...secretOf({}), data: undefined })).toBeUndefined();
  });
});

property("whatever a Secret holds, reading it throws nothing", [fc.string(), fc.string()], (cert, key) => {
  const inPem = `-----BEGIN CERTIFICATE-----\n${cert}\n-----END CERTIFICATE-----\n`;
  return (
    readKeyPair(secretOf({ "tls.crt": inPem, "tls.key": key })) === undefined && readCertificate(cert) === undefined
  );
});
