import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DEFAULT_VAULT_URL, parseSecretFile } from "../../../sidecar/secret-files/secret-file.ts";
import { parseSettings } from "../../../sidecar/settings.ts";
import { property } from "../../support/property.ts";

const parse = (text: string) => parseSecretFile(text, DEFAULT_VAULT_URL);
const VERSION = "0123456789abcdef0123456789abcdef";

describe("a secret and its file", () => {
  test("is read from one text; the vault's URL follows from its name and namespace", () => {
    expect(parse("db-password=payments/payments-vault/db-password")).toEqual({
      file: "db-password",
      vaultUrl: "https://payments-vault.payments.svc",
      secret: "db-password",
      version: undefined,
    });
    expect(parse(`tls.key=shop/vault/Key-1/${VERSION}`)).toMatchObject({ file: "tls.key", version: VERSION });
  });

  test("elsewhere the vault is where the setting says", () => {
    const local = "http://127.0.0.1:4290/{namespace}/{vault}/";
    expect(parseSecretFile("a=shop/vault/b", local)?.vaultUrl).toBe("http://127.0.0.1:4290/shop/vault");
  });

  test.each([
    ["a path out of the directory", "../x=shop/vault/a"],
    ["an absolute path", "/etc/passwd=shop/vault/a"],
    ["a path into another directory", "a/b=shop/vault/a"],
    ["the directory itself", ".=shop/vault/a"],
    ["the one above", "..=shop/vault/a"],
    ["a hidden file, as one that is being written", ".a.new=shop/vault/a"],
    ["no file", "=shop/vault/a"],
    ["NUL", "a\0b=shop/vault/a"],
    ["a line break", "a\nb=shop/vault/a"],
    ["a letter that only looks like one", "\u0430=shop/vault/a"],
    ["a full-width dot", "\uff0e\uff0e=shop/vault/a"],
    ["a backslash", "..\\a=shop/vault/a"],
    ["a name that no file system takes", `${"a".repeat(201)}=shop/vault/a`],
    ["a namespace that would be another host", "a=evil.example/vault/a"],
    ["a vault that would be another host", "a=shop/evil.example#/a"],
    ["credentials in the host", "a=shop/user:pass@evil/a"],
    ["a secret that climbs", "a=shop/vault/.."],
    ["a query", "a=shop/vault/a?b"],
    ["too few names", "a=vault/a"],
    ["too many names", `a=shop/vault/a/${VERSION}/b`],
    ["no secret", "a=shop/vault/"],
  ])("is never %s", (_what, text) => {
    expect(parse(text)).toBeUndefined();
  });

  property("never leads out of the directory or to another host", [fc.string({ unit: "binary" })], (noise) => {
    const parsed = parse(noise) ?? parse(`${noise}=shop/vault/a`) ?? parse(`a=${noise}/vault/a`);
    if (parsed === undefined) return;
    expect(parsed.file).toMatch(/^[A-Za-z\d_][A-Za-z\d._-]*$/);
    expect(new URL(parsed.vaultUrl).hostname).toMatch(/^[a-z\d-]+\.[a-z\d-]+\.svc$/);
  });
});

describe("the settings of secret files", () => {
  const least = { LANYARD_ISSUER_URL: "https://issuer", LANYARD_ENDPOINT_HEADER: "secret" };
  const read = (environment: Record<string, string>) => parseSettings({ ...least, ...environment }, ["plain"]);
  const problem = "LANYARD_SECRET_FILES must be FILE=NAMESPACE/VAULT/SECRET[/VERSION],… with each file once.";

  test("are none without a file", () => {
    expect(read({})).toMatchObject({ settings: { secretFiles: undefined } });
  });

  test("have a directory, a mode and a period", () => {
    expect(read({ LANYARD_SECRET_FILES: "a=shop/vault/b" })).toMatchObject({
      settings: { secretFiles: { directory: "/var/run/lanyard/secrets", mode: 0o400, pollSeconds: 10 } },
    });
    const others = {
      LANYARD_SECRETS_DIRECTORY: "/s",
      LANYARD_SECRET_FILE_MODE: "0440",
      LANYARD_SECRET_POLL_SECONDS: "3",
    };
    expect(read({ LANYARD_SECRET_FILES: "a=shop/vault/b", ...others })).toMatchObject({
      settings: { secretFiles: { directory: "/s", mode: 0o440, pollSeconds: 3 } },
    });
  });

  test.each([
    ["a file twice", { LANYARD_SECRET_FILES: "a=shop/vault/b,a=shop/vault/c" }, problem],
    ["a file outside", { LANYARD_SECRET_FILES: "../a=shop/vault/b" }, problem],
    ["a mode for everybody", { LANYARD_SECRET_FILE_MODE: "0444" }, "LANYARD_SECRET_FILE_MODE must be 0400 or 0440."],
    [
      "a mode of another kind",
      { LANYARD_SECRET_FILE_MODE: "__proto__" },
      "LANYARD_SECRET_FILE_MODE must be 0400 or 0440.",
    ],
  ])("are refused with %s", (_what, environment, expected) => {
    expect(read(environment)).toEqual({ kind: "invalid", problems: [expected] });
  });
});
