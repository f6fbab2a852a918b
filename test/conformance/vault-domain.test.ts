/** The unmodified Key Vault SDKs with their own check of the challenge, against a vault below a domain. */
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { type ClientProcess, startVaultClient } from "./client-process.ts";
import type { LanguageName } from "./languages.ts";
import { type VaultDomainWorld, vaultDomainWorld } from "./vault-domain-world.ts";
import type { SecretOutcome, SecretRequest } from "./vault-request.ts";

const sdks: readonly { readonly language: LanguageName; readonly title: string }[] = [
  { language: "javascript", title: "JavaScript @azure/keyvault-secrets" },
  { language: "python", title: "Python azure-keyvault-secrets" },
  { language: "go", title: "Go azsecrets" },
];

let world: VaultDomainWorld;
beforeAll(async () => {
  world = await vaultDomainWorld();
});
afterAll(() => world.stop());

async function clientOf(
  language: LanguageName,
  namespace: string,
  name: string,
): Promise<ClientProcess<SecretRequest, SecretOutcome>> {
  const client = startVaultClient(language, await world.environmentOf(namespace, name));
  onTestFinished(() => client.close());
  return client;
}

const checksChallenge = true;

describe.each(sdks)("$title", ({ language }) => {
  test("takes the challenge without an option, and works with the secrets that its identity has a role on", async () => {
    const admin = await clientOf(language, "payments", "admin");
    for (const name of ["db-password", "card-key"]) {
      const set = await admin.ask({ operation: "set", name, value: `${language} ${name}`, checksChallenge });
      expect(set).toMatchObject({ secret: { name } });
    }
    expect(await admin.ask({ operation: "list", checksChallenge })).toMatchObject({
      secrets: [{ name: "card-key" }, { name: "db-password" }],
    });
    const orders = await clientOf(language, "shop", "orders");
    expect(await orders.ask({ operation: "get", name: "db-password", checksChallenge })).toMatchObject({
      secret: { value: `${language} db-password` },
    });
    const forbidden = { error: { status: 403, code: "Forbidden" } };
    expect(await orders.ask({ operation: "get", name: "card-key", checksChallenge })).toMatchObject(forbidden);
  });
});
