/** Works with the vault through the real JavaScript SDK: one request a line of JSON in, one outcome a line of JSON out. */
import { createInterface } from "node:readline";
import { RestError } from "@azure/core-rest-pipeline";
import { DefaultAzureCredential } from "@azure/identity";
import { type DeletedSecret, type KeyVaultSecret, SecretClient, type SecretProperties } from "@azure/keyvault-secrets";
import type { SecretOutcome, SecretRequest, SeenSecret } from "../../vault-request.ts";

const url = process.env.VAULT_URL ?? "";
const credential = new DefaultAzureCredential();
const tolerant = new SecretClient(url, credential, { disableChallengeResourceVerification: true });
const strict = new SecretClient(url, credential);
const polling = { intervalInMs: 10 };

async function run(client: SecretClient, asked: SecretRequest): Promise<SecretOutcome> {
  const { operation, name = "", version = "", value = "", tags, contentType, enabled, expires } = asked;
  const options = {
    ...(tags && { tags: { ...tags } }),
    ...(contentType !== undefined && { contentType }),
    ...(enabled !== undefined && { enabled }),
    ...(expires !== undefined && { expiresOn: new Date(expires * 1000) }),
  };
  switch (operation) {
    case "set":
      return { secret: seen(await client.setSecret(name, value, options)) };
    case "get":
      return { secret: seen(await client.getSecret(name, { version })) };
    case "update":
      return { secret: properties(await client.updateSecretProperties(name, version, options)) };
    case "delete":
      return { secret: seen(await (await client.beginDeleteSecret(name, polling)).pollUntilDone()) };
    case "getDeleted":
      return { secret: seen(await client.getDeletedSecret(name)) };
    case "recover":
      return { secret: properties(await (await client.beginRecoverDeletedSecret(name, polling)).pollUntilDone()) };
    case "purge":
      await client.purgeDeletedSecret(name);
      return { done: true };
    default:
      return { secrets: await list(client, asked) };
  }
}

async function list(client: SecretClient, { operation, name = "", pageSize }: SecretRequest): Promise<SeenSecret[]> {
  const lists = {
    versions: () => client.listPropertiesOfSecretVersions(name),
    listDeleted: () => client.listDeletedSecrets(),
    list: () => client.listPropertiesOfSecrets(),
  };
  const listed = operation === "versions" || operation === "listDeleted" ? lists[operation]() : lists.list();
  const secrets: SeenSecret[] = [];
  for await (const page of listed.byPage({ ...(pageSize !== undefined && { maxPageSize: pageSize }) })) {
    secrets.push(...page.map((one) => ("properties" in one ? seen(one) : properties(one))));
  }
  return secrets;
}

function seen({ value, properties: described }: KeyVaultSecret | DeletedSecret): SeenSecret {
  return { ...properties(described), ...(value !== undefined && { value }) };
}

function properties({ name, version, contentType, tags, enabled, expiresOn, ...more }: SecretProperties): SeenSecret {
  return {
    name,
    ...(version !== undefined && { version }),
    ...(contentType !== undefined && { contentType }),
    ...(tags !== undefined && { tags }),
    ...(enabled !== undefined && { enabled }),
    ...(expiresOn !== undefined && { expires: expiresOn.getTime() / 1000 }),
    ...(more.recoverableDays !== undefined && { recoverableDays: more.recoverableDays }),
    ...("recoveryId" in more && typeof more.recoveryId === "string" && { recoveryId: more.recoveryId }),
  };
}

function failed(error: unknown): SecretOutcome {
  if (!(error instanceof Error)) return { error: { message: String(error) } };
  const { message } = error;
  if (!(error instanceof RestError) && !("statusCode" in error)) return { error: { message } };
  const { statusCode: status, code } = error as RestError;
  return { error: { message, ...(status !== undefined && { status }), ...(code !== undefined && { code }) } };
}

for await (const line of createInterface({ input: process.stdin })) {
  const asked: SecretRequest = JSON.parse(line);
  const client = asked.checksChallenge ? strict : tolerant;
  const outcome = await run(client, asked).catch(failed);
  process.stdout.write(`${JSON.stringify(outcome)}\n`);
}
