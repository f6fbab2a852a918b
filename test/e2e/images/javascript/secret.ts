/** Reads or writes a secret with the unmodified JavaScript SDK of Key Vault. What it reads and prints: ../README.md. */
import { DefaultAzureCredential } from "@azure/identity";
import { SecretClient } from "@azure/keyvault-secrets";

const { VAULT_URL = "" } = process.env;
const [verb, name = "", value = ""] = process.argv.slice(2);

// The vault's name ends with the cluster's own domain, and not with that of the cloud which the SDK looks for.
const options = { disableChallengeResourceVerification: true, retryOptions: { maxRetries: 0 } };
const client = new SecretClient(VAULT_URL, new DefaultAzureCredential(), options);

async function run(): Promise<object> {
  const secret = verb === "set" ? await client.setSecret(name, value) : await client.getSecret(name);
  return { value: secret.value };
}

console.log(
  JSON.stringify(await run().catch((error: unknown) => ({ error: error instanceof Error ? error.message : "?" }))),
);
