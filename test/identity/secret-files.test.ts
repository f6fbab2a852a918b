import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readSecretFiles, secretFileText } from "../../identity/secret-files.ts";
import { parseSecretFile } from "../../sidecar/secret-files/secret-file.ts";
import { property } from "../support/property.ts";

const VERSION = "0123456789abcdef0123456789abcdef";

describe("lanyard.dev/secret-files", () => {
  test.each([
    ["a secret of the pod's own namespace", "a=vault/b", ["a=shop/vault/b"]],
    ["one of another namespace", "a=payments/vault/b", ["a=payments/vault/b"]],
    ["a version", `a=vault/b/${VERSION}`, [`a=shop/vault/b/${VERSION}`]],
    ["a version of another namespace's", `a=payments/vault/b/${VERSION}`, [`a=payments/vault/b/${VERSION}`]],
    ["several, between commas", "a=vault/b, tls.key=vault/c,", ["a=shop/vault/b", "tls.key=shop/vault/c"]],
    ["several, on lines", "a=vault/b\n  A=vault/B\n", ["a=shop/vault/b", "A=shop/vault/B"]],
  ])("names %s", (_what, value, files) => {
    const parsed = readSecretFiles(value, "shop");
    expect(parsed.kind === "files" ? parsed.files.map(secretFileText) : parsed).toEqual(files);
  });

  const form = "expected FILE=[NAMESPACE/]VAULT/SECRET[/VERSION]";
  const name =
    'the file\'s name is to be of letters, digits, "-", "_" and ".", with no dot in front and no more than 200';
  test.each([
    ["nothing", " ,\n", `${form}, got nothing`],
    ["a path that climbs", "a=vault/b,../x=vault/b", `entry 2, "../x=vault/b": ${name}`],
    ["an absolute path", "/etc/x=vault/b", `entry 1, "/etc/x=vault/b": ${name}`],
    ["a hidden file", ".x=vault/b", `entry 1, ".x=vault/b": ${name}`],
    ["NUL", "a\0=vault/b", `entry 1, "a\\u0000=vault/b": ${name}`],
    ["a letter that looks like another", "\u0430=vault/b", `entry 1, "\u0430=vault/b": ${name}`],
    ["a file without a name", "=vault/b", `entry 1, "=vault/b": ${name}`],
    ["a file twice", "a=vault/b,a=vault/c", 'entry 2, "a=vault/c": this file is named before'],
    ["no equals sign", "vault/b", `entry 1, "vault/b": ${form}`],
    ["no secret", "a=vault", `entry 1, "a=vault": ${form}`],
    ["too many names", `a=shop/vault/b/${VERSION}/c`, `entry 1, "a=shop/vault/b/${VERSION}/c": ${form}`],
    [
      "a host as the namespace",
      "a=evil.example/vault/b",
      'entry 1, "a=evil.example/vault/b": "evil.example" is no namespace',
    ],
    ["a host as the vault", "a=evil.example/b", 'entry 1, "a=evil.example/b": "evil.example" is no name of a vault'],
    ["a secret that climbs", "a=vault/..", 'entry 1, "a=vault/..": ".." is no name of a secret'],
    ["no version", "a=shop/vault/b/1", 'entry 1, "a=shop/vault/b/1": "1" is no version: 32 hexadecimal digits'],
    [
      "too many files",
      Array.from({ length: 33 }, (_, at) => `f${at}=vault/b`).join(),
      "expected at most 32 files, got 33",
    ],
  ])("refuses %s, and says where", (_what, value, message) => {
    expect(readSecretFiles(value, "shop")).toEqual({ kind: "problem", message });
  });

  const part = fc.oneof(
    fc.constantFrom("a", "..", ".", "", "shop", "vault", VERSION, "a.b", "\0", "\u0430", "%2e%2e", "A-1"),
    fc.string({ unit: "binary", maxLength: 8 }),
  );
  const entries = fc.tuple(part, fc.array(part, { maxLength: 5 })).map(([file, names]) => `${file}=${names.join("/")}`);
  property(
    "whatever it takes, the sidecar takes too, and both mean the same",
    [fc.array(entries, { maxLength: 4 })],
    (written) => {
      const parsed = readSecretFiles(written.join(), "shop");
      if (parsed.kind === "problem") return;
      for (const file of parsed.files) {
        expect(parseSecretFile(secretFileText(file), "https://{vault}.{namespace}.svc")).toEqual({
          ...{ file: file.file, secret: file.secret, version: file.version },
          vaultUrl: `https://${file.vault}.${file.namespace}.svc`,
        });
      }
    },
  );
});
