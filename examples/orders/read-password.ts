/**
 * The application that needs a database password, and holds none: it reads it from the vault with the managed identity
 * of whatever it runs as. With `--watch` it reads again and again, and tells when what it gets is another.
 */
import { setTimeout } from "node:timers/promises";
import { DefaultAzureCredential } from "@azure/identity";
import { SecretClient } from "@azure/keyvault-secrets";

const vaultUrl = process.env.VAULT_URL ?? "https://payments-vault.payments.svc";
// The vault stands under its own name, and not under a domain of the cloud's, which is what the client would check.
const client = new SecretClient(vaultUrl, new DefaultAzureCredential(), { disableChallengeResourceVerification: true });

async function read(): Promise<string> {
  try {
    const { value = "", properties } = await client.getSecret("db-password");
    return `read: ${value.length} characters, version ${properties.version}`;
  } catch (error) {
    return `refused: ${error instanceof Error ? error.message : String(error)}`;
  }
}

let told = await read();
console.log(told);
while (process.argv.includes("--watch")) {
  await setTimeout(20);
  const now = await read();
  if (now !== told) console.log(now);
  told = now;
}
process.exitCode = told.startsWith("read") ? 0 : 1;
