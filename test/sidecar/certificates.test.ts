import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { certificatesIn } from "../../sidecar/certificates.ts";
import { property } from "../support/property.ts";

const block = (base64: string): string => `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----`;
const one = block("MAA=");
const other = block("MAMC\nAQE=");

describe("certificatesIn", () => {
  test.each([
    ["one", one, [one]],
    ["the old and the new beside each other", `${one}\n${other}\n`, [one, other]],
    ["with text between them, as some tools write it", `# old\n${one}\nsubject=CN\n${other}`, [one, other]],
    ["with the lines of another system", one.replaceAll("\n", "\r\n"), [one.replaceAll("\n", "\r\n")]],
    ["without the one that is broken", `${block("????")}\n${block("AAAA")}\n${one}`, [one]],
    ["without one that was cut off", `${one}\n-----BEGIN CERTIFICATE-----\nMAA=`, [one]],
    ["without a private key", `-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n${one}`, [one]],
  ])("takes %s", (_name, pem, blocks) => {
    expect(certificatesIn(pem)).toBe(`${blocks.join("\n")}\n`);
  });

  test.each(["", "garbage", block(""), block("AAAA"), "-----BEGIN CERTIFICATE-----"])("finds none in %j", (pem) => {
    expect(certificatesIn(pem)).toBeUndefined();
  });

  const part = fc.oneof(
    fc.constantFrom(one, other, "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----", "\n"),
    fc.string(),
  );
  property("nothing makes it throw, and what it takes it takes again", [fc.array(part)], (parts) => {
    const found = certificatesIn(parts.join(""));
    expect(found === undefined ? undefined : certificatesIn(found)).toBe(found);
  });
});
