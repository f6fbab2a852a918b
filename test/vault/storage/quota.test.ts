import { describe, expect, test } from "vitest";
import { protectedResources } from "../../../kube/kinds.ts";
import { VaultError } from "../../../vault/protocol/vault-error.ts";
import { defaultStorageLimits, type StorageLimits } from "../../../vault/settings.ts";
import { Quota } from "../../../vault/storage/quota.ts";
import { OTHER_HOST, type Sent, VAULT_AUDIENCE, type VaultWorld, vaultWorld } from "../vault-world.ts";

async function limited(limits: Partial<StorageLimits>) {
  const it = await vaultWorld({ settings: { storageLimits: { ...defaultStorageLimits, ...limits } } });
  const token = await it.tokenOf("payments/admin");
  const put = async (name: string, value = "x", sent: Sent = {}) => {
    const { status, body } = await it.ask(`PUT /secrets/${name}`, { token, body: { value }, ...sent });
    return status === 200 ? "200" : `${status} ${body.error.code} ${body.error.innererror.code}`;
  };
  return { ...it, token, put };
}

const FULL = "403 Forbidden QuotaExceeded";

describe("a vault that is full", () => {
  test("takes no new secret, and says which limit it is and what to do", async () => {
    const { put, ask, token } = await limited({ secretsPerVault: 2 });
    expect([await put("a"), await put("b"), await put("c")]).toEqual(["200", "200", FULL]);
    const { body } = await ask("PUT /secrets/c", { token, body: { value: "x" } });
    expect(body.error.message).toBe(
      "Vault payments/payments-vault holds 2 secrets, and at most 2 are allowed (vault.limits.secretsPerVault). Deleted secrets count until they are purged: purge some, or ask an administrator for a higher limit.",
    );
  });

  test("takes new versions, and gives what it has", async () => {
    const { put, ask, token } = await limited({ secretsPerVault: 1 });
    expect([await put("a"), await put("a", "second"), await put("A", "third")]).toEqual(["200", "200", "200"]);
    expect((await ask("GET /secrets/a", { token })).body.value).toBe("third");
  });

  test("counts a deleted secret until it is purged", async () => {
    const { put, ask, token } = await limited({ secretsPerVault: 1 });
    await put("a");
    await ask("DELETE /secrets/a", { token });
    expect(await put("b")).toBe(FULL);
    await ask("DELETE /deletedsecrets/a", { token });
    expect(await put("b")).toBe("200");
  });

  test("of many writes at once lets in only as many as there is room for", async () => {
    const { put, ask, token } = await limited({ secretsPerVault: 5 });
    const answers = await Promise.all(Array.from({ length: 20 }, (_, number) => put(`s${number}`)));
    expect(answers.filter((answer) => answer === "200")).toHaveLength(5);
    expect((await ask("GET /secrets", { token })).body.value).toHaveLength(5);
  });

  test("counts bytes of every version, and refuses tags that make it larger", async () => {
    const { put, ask, token } = await limited({ bytesPerVault: 60 * 1024 });
    const large = "x".repeat(25_000);
    expect([await put("a", large), await put("a", large), await put("a", large)]).toEqual(["200", "200", FULL]);
    const tags = Object.fromEntries(Array.from({ length: 15 }, (_, number) => [`t${number}`, "x".repeat(500)]));
    const [newest] = (await ask("GET /secrets/a/versions", { token })).body.value;
    const tagged = await ask(`PATCH ${new URL(newest.id).pathname}`, { token, body: { tags } });
    expect(tagged.status).toBe(200);
    const other = (await ask("GET /secrets/a/versions", { token })).body.value[1];
    expect((await ask(`PATCH ${new URL(other.id).pathname}`, { token, body: { tags } })).status).toBe(403);
    expect((await ask("DELETE /secrets/a", { token })).status).toBe(200);
  });

  test("that was filled under a higher limit is read, changed and deleted", () => {
    const used = { secrets: 50, bytes: 5_000 };
    const index = { usageOf: () => used, usageOfNamespace: () => used };
    const quota = new Quota(index, { ...defaultStorageLimits, secretsPerVault: 10, bytesPerVault: 1_000 });
    const vault = { uid: "u", namespace: "payments", name: "vault" };
    expect(quota.admit(vault, { secrets: 0, bytes: -10 })).not.toBeInstanceOf(VaultError);
    expect(quota.admit(vault, { secrets: 0, bytes: 0 })).not.toBeInstanceOf(VaultError);
    expect(quota.admit(vault, { secrets: 0, bytes: 1 })).toBeInstanceOf(VaultError);
  });
});

describe("a namespace that is full", () => {
  test("takes no new secret in another vault, and other namespaces do", async () => {
    const it = await limited({ secretsPerNamespace: 1 });
    await it.put("a");
    expect(await it.put("b", "x", await otherVault(it))).toBe(FULL);
  });

  test("stays so when a vault is deleted and created again: orphaned secrets count", async () => {
    const it = await limited({ secretsPerNamespace: 1 });
    await it.put("a");
    await it.world.delete(protectedResources, "payments/payments-vault");
    await it.world.resource("payments/payments-vault", VAULT_AUDIENCE, { vault: {}, assignmentRequired: false });
    expect(await it.put("a")).toBe(FULL);
  });
});

test("a secret keeps as many versions as the setting says", async () => {
  const { put, ask, token } = await limited({ versionsPerSecret: 2 });
  for (const value of ["first", "second", "third"]) await put("a", value);
  expect((await ask("GET /secrets/a/versions", { token })).body.value).toHaveLength(2);
});

async function otherVault({ tokenOf }: VaultWorld): Promise<Sent> {
  return { host: OTHER_HOST, token: await tokenOf("payments/admin", `https://${OTHER_HOST}`) };
}
