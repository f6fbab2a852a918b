/** The unmodified Key Vault SDKs against a real `lanyard dev --vault`. */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { type ClientProcess, startVaultClient } from "./client-process.ts";
import type { LanguageName } from "./languages.ts";
import { type PlaneProcess, startPlaneProcess } from "./plane-process.ts";
import type { SecretOutcome, SecretRequest, SeenSecret } from "./vault-request.ts";

const sdks: readonly { readonly language: LanguageName; readonly title: string }[] = [
  { language: "javascript", title: "JavaScript @azure/keyvault-secrets" },
  { language: "python", title: "Python azure-keyvault-secrets" },
  { language: "go", title: "Go azsecrets" },
];

type Client = ClientProcess<SecretRequest, SecretOutcome>;

let plane: PlaneProcess;
beforeAll(async () => {
  plane = await startPlaneProcess(join(import.meta.dirname, "vault-world"), "--vault");
});
afterAll(() => plane.stop());

function clientOf(language: LanguageName, pod: string): Client {
  const client = startVaultClient(language, { ...plane.environmentOf(pod), ...plane.vaultEnvironment() });
  onTestFinished(() => client.close());
  return client;
}

async function secretOf(outcome: Promise<SecretOutcome>): Promise<SeenSecret> {
  const answer = await outcome;
  if (!("secret" in answer)) throw new Error(`expected a secret, got ${JSON.stringify(answer)}`);
  return answer.secret;
}

async function namesOf(outcome: Promise<SecretOutcome>): Promise<string[]> {
  const answer = await outcome;
  if (!("secrets" in answer)) throw new Error(`expected a list, got ${JSON.stringify(answer)}`);
  return answer.secrets.map(({ name }) => name);
}

describe.each(sdks)("$title", ({ language }) => {
  const named = (name: string): string => `${language}-${name}`;

  test("sets, gets and describes a secret, by name, by version and in any case", async () => {
    const admin = clientOf(language, "payments/admin");
    const wish = { value: "hunter2 ✓", contentType: "text/plain", tags: { for: "orders" }, expires: 1_900_000_000 };
    const name = named("Described");
    const first = await secretOf(admin.ask({ operation: "set", name, ...wish }));
    expect(first).toMatchObject({ name, ...wish, enabled: true, recoverableDays: 30 });
    const second = await secretOf(admin.ask({ operation: "set", name, value: "newer" }));
    expect(await secretOf(admin.ask({ operation: "get", name: name.toLowerCase() }))).toEqual(second);
    expect(await secretOf(admin.ask({ operation: "get", name, version: first.version ?? "" }))).toEqual(first);
    const versions = await admin.ask({ operation: "versions", name, pageSize: 1 });
    expect("secrets" in versions && versions.secrets.map(({ version }) => version).sort()).toEqual(
      [first.version, second.version].sort(),
    );
  });

  test("lists more secrets than a page holds, each once", async () => {
    const admin = clientOf(language, "payments/admin");
    const names = Array.from({ length: 30 }, (_, number) => named(`listed-${String(number).padStart(2, "0")}`));
    for (const name of names) await admin.ask({ operation: "set", name, value: "x" });
    for (const paging of [{}, { pageSize: 7 }]) {
      const listed = await namesOf(admin.ask({ operation: "list", ...paging }));
      expect(listed.filter((name) => names.includes(name))).toEqual(names);
    }
  });

  test("changes attributes, and is refused what is disabled", async () => {
    const admin = clientOf(language, "payments/admin");
    const name = named("switched");
    const { version = "" } = await secretOf(admin.ask({ operation: "set", name, value: "x" }));
    const updated = await secretOf(admin.ask({ operation: "update", name, version, enabled: false, tags: { a: "b" } }));
    expect(updated).toMatchObject({ name, version, enabled: false, tags: { a: "b" } });
    expect(await admin.ask({ operation: "get", name })).toMatchObject({ error: { status: 403, code: "Forbidden" } });
    await admin.ask({ operation: "update", name, version, enabled: true });
    expect(await secretOf(admin.ask({ operation: "get", name }))).toMatchObject({ value: "x" });
  });

  test("deletes, lists what is deleted, recovers and purges", async () => {
    const admin = clientOf(language, "payments/admin");
    const name = named("deleted");
    await admin.ask({ operation: "set", name, value: "x" });
    const deleted = await secretOf(admin.ask({ operation: "delete", name }));
    expect(deleted).toMatchObject({
      name,
      recoverableDays: 30,
      recoveryId: expect.stringContaining("/deletedsecrets/"),
    });
    expect(await secretOf(admin.ask({ operation: "getDeleted", name }))).toMatchObject({ name });
    expect(await namesOf(admin.ask({ operation: "listDeleted" }))).toContain(name);
    expect(await admin.ask({ operation: "get", name })).toMatchObject({
      error: { status: 404, code: "SecretNotFound" },
    });
    expect(await admin.ask({ operation: "set", name, value: "y" })).toMatchObject({
      error: { status: 409, code: "Conflict" },
    });
    await admin.ask({ operation: "recover", name });
    expect(await secretOf(admin.ask({ operation: "get", name }))).toMatchObject({ value: "x" });
    await admin.ask({ operation: "delete", name });
    expect(await admin.ask({ operation: "purge", name })).toEqual({ done: true });
    expect(await admin.ask({ operation: "getDeleted", name })).toMatchObject({ error: { status: 404 } });
    expect(await secretOf(admin.ask({ operation: "set", name, value: "z" }))).toMatchObject({ value: "z" });
  });

  test("reads the one secret that it has a role on, and nothing else", async () => {
    const [admin, orders] = [clientOf(language, "payments/admin"), clientOf(language, "shop/orders")];
    await admin.ask({ operation: "set", name: "db-password", value: "hunter2" });
    await admin.ask({ operation: "set", name: "card-key", value: "4111" });
    expect(await secretOf(orders.ask({ operation: "get", name: "db-password" }))).toMatchObject({ value: "hunter2" });
    const forbidden = { error: { status: 403, code: "Forbidden" } };
    expect(await orders.ask({ operation: "get", name: "card-key" })).toMatchObject(forbidden);
    expect(await orders.ask({ operation: "get", name: "no-such-secret" })).toMatchObject(forbidden);
    expect(await orders.ask({ operation: "set", name: "db-password", value: "mine" })).toMatchObject(forbidden);
    expect(await orders.ask({ operation: "list" })).toMatchObject(forbidden);
  });

  test("is told what is missing when it has no role", async () => {
    const stranger = clientOf(language, "shop/stranger");
    expect(await stranger.ask({ operation: "get", name: "db-password" })).toMatchObject({
      error: { status: 403, message: expect.stringContaining("/namespaces/shop/managedIdentities/stranger") },
    });
  });

  test("is told in words of a bad name and a large value", async () => {
    const admin = clientOf(language, "payments/admin");
    const bad = { error: { status: 400, code: "BadParameter" } };
    expect(await admin.ask({ operation: "set", name: "under_score", value: "x" })).toMatchObject(bad);
    expect(await admin.ask({ operation: "set", name: "large", value: "x".repeat(25_601) })).toMatchObject(bad);
  });

  test("without the option it refuses the challenge itself, since the vault is no subdomain of its audience", async () => {
    const admin = clientOf(language, "payments/admin");
    const outcome = await admin.ask({ operation: "get", name: "db-password", checksChallenge: true });
    expect(outcome).toMatchObject({ error: { message: expect.stringMatching(/challenge|resource/i) } });
    expect("error" in outcome && outcome.error.status).toBeUndefined();
  });
});
