import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseScope } from "../../../identity/scope.ts";
import { challenge } from "../../../vault/protocol/challenge.ts";
import { actions, scopeOf } from "../../../vault/protocol/operation.ts";
import { pageFrom } from "../../../vault/protocol/page.ts";
import { parseNewVersion, parseWishedAttributes } from "../../../vault/protocol/parse-body.ts";
import { parseOperation } from "../../../vault/protocol/parse-operation.ts";
import { apiVersions } from "../../../vault/protocol/query.ts";
import { VaultError } from "../../../vault/protocol/vault-error.ts";
import { vaultAtService } from "../../../vault/vault-address.ts";
import { property } from "../../support/property.ts";

const vault = { uid: "1", namespace: "payments", name: "payments-vault" };
const below = "/namespaces/payments/resources/payments-vault";
const query = "api-version=7.6";

describe("what a request wants", () => {
  const version = "0123456789abcdef0123456789abcdef";
  test.each([
    ["GET /secrets", "GetSecrets", "secrets/list", below],
    ["GET /secrets/Key", "GetSecret", "secrets/read", `${below}/secrets/key`],
    ["GET /secrets/key/", "GetSecret", "secrets/read", `${below}/secrets/key`],
    [`GET /secrets/key/${version}`, "GetSecret", "secrets/read", `${below}/secrets/key`],
    ["GET /secrets/key/versions", "GetSecretVersions", "secrets/list", `${below}/secrets/key`],
    ["PUT /secrets/key", "SetSecret", "secrets/write", `${below}/secrets/key`],
    [`PATCH /secrets/key/${version}`, "UpdateSecret", "secrets/write", `${below}/secrets/key`],
    ["DELETE /secrets/key", "DeleteSecret", "secrets/delete", `${below}/secrets/key`],
    ["GET /deletedsecrets", "GetDeletedSecrets", "secrets/list", below],
    ["GET /deletedsecrets/key", "GetDeletedSecret", "secrets/read", `${below}/secrets/key`],
    ["POST /deletedsecrets/key/recover", "RecoverDeletedSecret", "secrets/recover", `${below}/secrets/key`],
    ["DELETE /deletedsecrets/key", "PurgeDeletedSecret", "secrets/purge", `${below}/secrets/key`],
  ])("%s is %s, which needs %s at %s", (line, name, action, scope) => {
    const [method = "", path = ""] = line.split(" ");
    const operation = parseOperation({ method, path, query });
    if (operation instanceof VaultError) throw new Error(operation.message);
    expect([operation.name, actions[operation.name], scopeOf(operation, vault)]).toEqual([name, action, scope]);
  });

  test.each(apiVersions)("api-version %s is known", (apiVersion) => {
    expect(parseOperation({ method: "GET", path: "/secrets", query: `api-version=${apiVersion}` })).toMatchObject({
      name: "GetSecrets",
    });
  });

  const word = fc.oneof(
    fc.constantFrom("secrets", "deletedsecrets", "versions", "recover", "..", "", "key", "%2e%2e", "a".repeat(130)),
    fc.string(),
  );
  const path = fc.array(word, { maxLength: 6 }).map((words) => `/${words.join("/")}`);
  const method = fc.constantFrom("GET", "PUT", "PATCH", "POST", "DELETE", "HEAD", "constructor", "__proto__");

  property("whatever is sent, an operation has a scope that is one, below the vault alone", [method, path], (m, p) => {
    const operation = parseOperation({ method: m, path: p, query });
    if (operation instanceof VaultError) return;
    const scope = scopeOf(operation, vault);
    expect(parseScope(scope)).toBe(scope);
    expect(scope === below || scope.startsWith(`${below}/secrets/`)).toBe(true);
  });

  property("a query is understood or refused, never thrown at", [fc.string()], (text) => {
    parseOperation({ method: "GET", path: "/secrets", query: text });
  });
});

describe("bodies", () => {
  property("any JSON is understood or refused in words that do not show it", [fc.json()], (text) => {
    for (const parsed of [parseNewVersion(text), parseWishedAttributes(text)]) {
      if (parsed instanceof VaultError) expect(parsed.status).toBe(400);
    }
  });

  property("any text is understood or refused", [fc.string()], (text) => {
    parseNewVersion(text);
  });

  property("a value comes out as it went in", [fc.string({ unit: "binary", maxLength: 1000 })], (value) => {
    expect(parseNewVersion(JSON.stringify({ value }))).toMatchObject({ value });
  });
});

describe("pages", () => {
  const keys = fc.uniqueArray(fc.stringMatching(/^[0-9a-z]{1,5}$/), { maxLength: 60 });

  property(
    "following the pages shows each entry once, in order",
    [keys, fc.integer({ min: 1, max: 25 })],
    (all, size) => {
      const shown: string[] = [];
      let after: string | undefined;
      do {
        const { entries, skipToken } = pageFrom(all, (key) => key, { size, after });
        shown.push(...entries);
        after = skipToken === undefined ? undefined : Buffer.from(skipToken, "base64url").toString();
      } while (after !== undefined);
      expect(shown).toEqual([...all].sort());
    },
  );
});

describe("the challenge", () => {
  const facts = { issuerUrl: "https://issuer", tenantId: "t", host: "payments-vault.payments.svc:443" };
  const resourceOf = (...audiences: string[]): string | undefined =>
    /resource="(.*)"$/.exec(challenge({ ...facts, audiences }))?.[1];

  test("names the first audience", () => {
    expect(resourceOf("https://payments-vault.payments.svc", "urn:b")).toBe("https://payments-vault.payments.svc");
  });

  test("prefers one that clients take without being told not to look", () => {
    expect(resourceOf("https://payments-vault.payments.svc", "https://payments.svc")).toBe("https://payments.svc");
    expect(resourceOf("https://a", "https://ayments.svc")).toBe("https://a");
  });

  test("an audience cannot end the header early", () => {
    expect(resourceOf('a", error="b\\')).toBe('a\\", error=\\"b\\\\');
  });
});

describe("the host of a vault", () => {
  const at = vaultAtService("cluster.local");
  const key = { namespace: "payments", name: "payments-vault" };

  test.each([
    ["payments-vault.payments.svc", key],
    ["payments-vault.payments.svc:443", key],
    ["Payments-Vault.PAYMENTS.svc.cluster.local", key],
    ["a.b.payments.svc", { namespace: "payments", name: "a.b" }],
    ["payments.svc", undefined],
    ["payments-vault.payments.svc.", undefined],
    ["payments-vault.payments.svc.evil.example", undefined],
    ["payments-vault.payments.svc@evil.example", undefined],
    ["pаyments-vault.payments.svc", undefined],
    ["", undefined],
  ])("%s", (host, expected) => {
    expect(at({ host, localPort: 443 })).toEqual(expected);
  });

  const below = vaultAtService("cluster.local", "vault.example.com");
  const place = { ...key, sharedAudience: "https://vault.example.com" };

  test.each([
    ["payments-vault.payments.vault.example.com", place],
    ["Payments-Vault.payments.VAULT.example.com:443", place],
    ["payments-vault.payments.svc", key],
    ["payments-vault.payments.svc.cluster.local", key],
    ["vault.example.com", undefined],
    ["payments.vault.example.com", undefined],
    ["a.b.payments.vault.example.com", undefined],
    ["payments-vault.payments.evilvault.example.com", undefined],
    ["payments-vault.payments.vault.example.com.", undefined],
    ["payments-vault.payments.vault.example.com.evil.example", undefined],
    ["payments-vault.payments.svc.vault.example.com", undefined],
    ["payments-vault..vault.example.com", undefined],
    [".payments.vault.example.com", undefined],
    ["a/b.payments.vault.example.com", undefined],
  ])("where vaults have a domain: %s", (host, expected) => {
    expect(below({ host, localPort: 443 })).toEqual(expected);
    if (expected === place) expect(at({ host, localPort: 443 })).toBeUndefined();
  });

  property("anything else is no vault, or a name that Kubernetes could have", [fc.string()], (host) => {
    at({ host, localPort: 443 });
    below({ host, localPort: 443 });
  });
});
