import { describe, expect, test, vi } from "vitest";
import { type AdoptOptions, adoptVault } from "../../../cli/vault/adopt.ts";
import { listVaults } from "../../../cli/vault/list.ts";
import { purgeVault } from "../../../cli/vault/purge.ts";
import { secrets } from "../../../kube/cluster-kinds.ts";
import { namespaces, protectedResources } from "../../../kube/kinds.ts";
import { storedSecrets } from "../../../vault/storage/stored-secret.ts";
import { VAULT_AUDIENCE, type VaultWorld, vaultWorld } from "../../vault/vault-world.ts";
import type { Forbids } from "../cluster/limited-api.ts";
import { type TestSession, testSession } from "../cluster/test-session.ts";

const VAULT = "payments/payments-vault";
const storage = { secretsNamespace: "lanyard-vault" };

interface Orphaned extends VaultWorld {
  readonly session: TestSession;
  /** UID of the vault whose ProtectedResource was deleted. */
  readonly earlier: string;
  readonly token: string;
  readonly adopt: (options?: Partial<AdoptOptions>) => ReturnType<typeof adoptVault>;
}

/** A vault with two secrets, one of them deleted, that was deleted and created again. */
async function recreated(forbids?: Forbids): Promise<Orphaned> {
  const it = await vaultWorld();
  const token = await it.tokenOf("payments/admin");
  for (const name of ["db-password", "old"]) await it.ask(`PUT /secrets/${name}`, { token, body: { value: name } });
  await it.ask("PUT /secrets/db-password", { token, body: { value: "second" } });
  await it.ask("DELETE /secrets/old", { token });
  const { api } = it.world;
  const earlier = (await api.get(protectedResources, { namespace: "payments", name: "payments-vault" })).metadata.uid;
  await it.world.delete(protectedResources, VAULT);
  await it.world.resource(VAULT, VAULT_AUDIENCE, { vault: { softDeleteRetention: "7d" }, assignmentRequired: false });
  const session = testSession(it.world, forbids);
  const adopt = (options: Partial<AdoptOptions> = {}) => adoptVault(VAULT, { ...storage, ...options }, session);
  return { ...it, session, earlier, token, adopt };
}

describe("a vault that was deleted and created again", () => {
  test("is listed as orphaned, with what it holds, beside the one that has its name now", async () => {
    const { session, earlier } = await recreated();
    const { code, data } = await listVaults({ ...storage, orphaned: true }, session);
    expect({ code, data }).toMatchObject({
      code: 0,
      data: { vaults: [{ namespace: "payments", uid: earlier, state: "recreated", secrets: 2, deleted: 1 }] },
    });
    expect((await listVaults(storage, session)).text).toMatch(/payments\/other-vault .* present\n/);
  });

  test("has its secrets back through the API once they are adopted, with every version", async () => {
    const { ask, token, adopt, world, orphans } = await recreated();
    await world.clock.advance(2_000);
    expect(orphans.at(-1)).toBe(2);
    expect(await adopt()).toMatchObject({ code: 0, data: { adopted: ["db-password", "old"], kept: [] } });
    await world.clock.advance(2_000);
    expect(orphans.at(-1)).toBe(0);
    expect((await ask("GET /secrets/db-password", { token })).body.value).toBe("second");
    expect((await ask("GET /secrets/db-password/versions", { token })).body.value).toHaveLength(2);
    expect((await ask("GET /secrets/old", { token })).status).toBe(404);
    expect((await ask("POST /deletedsecrets/old/recover", { token })).status).toBe(200);
    expect((await ask("GET /secrets/old", { token })).body.value).toBe("old");
    expect((await world.api.list(secrets)).items).toHaveLength(2);
  });

  test("has a deleted secret back too whose time ran out while it was orphaned, for a week", async () => {
    const { ask, token, adopt, world } = await recreated();
    await world.clock.advance(30 * 86_400_000);
    await adopt();
    await world.clock.advance(6 * 86_400_000);
    const other = await world.api.list(storedSecrets);
    expect(other.items.map(({ secret }) => secret?.name).sort()).toEqual(["db-password", "old"]);
    expect(token).not.toBe("");
    expect((await ask("GET /secrets")).status).toBe(401);
  });

  test("nothing is written by a dry run", async () => {
    const { adopt, world } = await recreated();
    const before = await world.api.list(secrets);
    expect((await adopt({ dryRun: true })).text).toContain("Would move 2 secrets");
    expect((await world.api.list(secrets)).items).toEqual(before.items);
  });

  test("a secret that the new vault has already is not overwritten, and the earlier one is kept", async () => {
    const { ask, token, adopt, world, earlier, session } = await recreated();
    await ask("PUT /secrets/DB-password", { token, body: { value: "of the new vault" } });
    const { code, data, notes } = await adopt();
    expect({ code, data }).toMatchObject({ code: 1, data: { adopted: ["old"], kept: ["db-password"] } });
    expect(notes?.join()).toContain("stay with the orphaned vault");
    expect((await ask("GET /secrets/db-password", { token })).body.value).toBe("of the new vault");
    const left = await listVaults({ ...storage, orphaned: true }, session);
    expect(left.data).toMatchObject({ vaults: [{ uid: earlier, secrets: 1 }] });
    expect((await world.api.list(secrets)).items).toHaveLength(3);
  });

  test("a secret that is deleted while the command runs is reported as deleted, not as a conflict", async () => {
    const { adopt, world, session } = await recreated();
    const [vanishing] = (await world.api.list(storedSecrets)).items;
    const get = session.api.get.bind(session.api);
    vi.spyOn(session.api, "get").mockImplementation(async (kind, key) => {
      // The command reads the namespace after it has listed the secrets.
      if (kind.plural === "namespaces") await world.api.delete(storedSecrets, vanishing?.metadata ?? { name: "" });
      return get(kind, key);
    });
    const { code, data, notes } = await adopt();
    expect({ code, data }).toMatchObject({ code: 1, data: { kept: [], vanished: [expect.any(String)] } });
    expect(data).toHaveProperty("adopted.length", 1);
    expect(notes?.join()).toContain("were deleted, or became unreadable, while this command ran");
    expect(notes?.join()).not.toContain("stay with the orphaned vault");
  });

  test("an adoption that was interrupted before it removed the earlier object is completed", async () => {
    let isDown = true;
    const it = await recreated((verb, plural) => isDown && verb === "delete" && plural === "secrets");
    await expect(it.adopt()).rejects.toMatchObject({ reason: "Forbidden" });
    expect((await it.world.api.list(secrets)).items).toHaveLength(3);
    isDown = false;
    expect(await it.adopt()).toMatchObject({ code: 0, data: { adopted: ["db-password", "old"] } });
    expect((await it.world.api.list(secrets)).items).toHaveLength(2);
  });

  test("several orphans of one name are told apart by their UIDs", async () => {
    const it = await recreated();
    await it.ask("PUT /secrets/third", { token: it.token, body: { value: "x" } });
    await it.world.delete(protectedResources, VAULT);
    await it.world.resource(VAULT, VAULT_AUDIENCE, { vault: {}, assignmentRequired: false });
    await expect(it.adopt()).rejects.toThrow(/2 orphaned vaults were called payments\/payments-vault: choose one/);
    expect(await it.adopt({ from: it.earlier })).toMatchObject({ data: { adopted: ["db-password", "old"] } });
  });

  test.each<{ what: string; to: string; from?: string; says: RegExp }>([
    { what: "no vault", to: "payments/none", says: /no ProtectedResource payments\/none/ },
    { what: "a resource that is no vault", to: "payments/queue", says: /is not a vault/ },
    { what: "no orphan", to: "payments/other-vault", says: /no orphaned vault was called payments\/other-vault/ },
    { what: "a UID that nothing has", to: VAULT, from: "x", says: /no vault with UID "x"/ },
  ])("$what is wrong usage", async ({ to, from, says }) => {
    const { session } = await recreated();
    await expect(adoptVault(to, { ...storage, ...(from && { from }) }, session)).rejects.toThrow(says);
  });

  test("secrets of a vault that exists are neither adopted nor purged", async () => {
    const { world, ask, token, adopt, session } = await recreated();
    await ask("PUT /secrets/key", { token, body: { value: "x" } });
    const { uid } = (await world.api.get(protectedResources, { namespace: "payments", name: "payments-vault" }))
      .metadata;
    await expect(adopt({ from: uid })).rejects.toThrow(/is not orphaned/);
    await expect(purgeVault(uid, { ...storage, yes: true }, session)).rejects.toThrow(/is not orphaned/);
  });
});

describe("another team that has the name of a namespace and of a vault now", () => {
  async function taken() {
    const it = await recreated();
    await it.world.delete(namespaces, "payments");
    await it.world.clock.advance(60_000);
    await it.world.namespace("payments");
    await it.world.resource(VAULT, VAULT_AUDIENCE, { vault: {}, assignmentRequired: false });
    await it.world.assignment("payments/takes-all", { to: "shop/orders", role: "owner" });
    return { ...it, token: await it.tokenOf("shop/orders") };
  }

  test("finds an empty vault: as its owner, it reads and recovers no earlier secret", async () => {
    const { ask, token } = await taken();
    for (const line of ["GET /secrets/db-password", "GET /deletedsecrets/old", "POST /deletedsecrets/old/recover"]) {
      expect((await ask(line, { token })).status).toBe(404);
    }
    expect((await ask("GET /secrets", { token })).body.value).toEqual([]);
    expect((await ask("GET /deletedsecrets", { token })).body.value).toEqual([]);
  });

  test("is not given the secrets by an administrator who does not know: the namespace is newer than they are", async () => {
    const { adopt } = await taken();
    await expect(adopt()).rejects.toThrow(/It may belong to another team now/);
    expect(await adopt({ namespaceRecreated: true })).toMatchObject({ code: 0 });
  });

  test("cannot adopt them itself: that takes the right to Secrets in the vault's namespace", async () => {
    const { world } = await taken();
    const session = testSession(world, (_verb, plural, namespace) => plural === "secrets" && namespace !== "payments");
    const adopting = adoptVault(VAULT, { ...storage, namespaceRecreated: true }, session);
    await expect(adopting).rejects.toMatchObject({ reason: "Forbidden" });
    await expect(listVaults(storage, session)).rejects.toMatchObject({ reason: "Forbidden" });
  });
});

test("an orphaned vault is purged by command alone, and only when the command says so", async () => {
  const { world, session, earlier } = await recreated();
  const asked = await purgeVault(earlier, storage, session);
  expect(asked).toMatchObject({ code: 1, data: { removed: 0 } });
  expect(asked.text).toContain("Nothing was removed");
  expect((await world.api.list(secrets)).items).toHaveLength(2);
  expect(await purgeVault(earlier, { ...storage, yes: true }, session)).toMatchObject({
    code: 0,
    data: { removed: 2 },
  });
  expect((await world.api.list(secrets)).items).toEqual([]);
  expect((await listVaults({ ...storage, orphaned: true }, session)).text).toBe("No orphaned vaults.");
});
