/** Makes a new database password and puts it into the vault. It is shown to nobody. */
import { randomBytes } from "node:crypto";
import { DefaultAzureCredential } from "@azure/identity";
import { SecretClient } from "@azure/keyvault-secrets";

const vaultUrl = process.env.VAULT_URL ?? "https://payments-vault.payments.svc";
// The vault stands under its own name, and not under a domain of the cloud's, which is what the client would check.
const client = new SecretClient(vaultUrl, new DefaultAzureCredential(), { disableChallengeResourceVerification: true });

const { properties } = await client.setSecret("db-password", randomBytes(18).toString("base64url"), {
  contentType: "text/plain",
  tags: { for: "orders" },
});
console.log(`db-password is set, version ${properties.version}`);
