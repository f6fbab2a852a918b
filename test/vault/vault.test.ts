import { describe, expect, test } from "vitest";
import { secrets } from "../../kube/cluster-kinds.ts";
import { protectedResources, roleAssignments } from "../../kube/kinds.ts";
import { defaultRateLimits, defaultStorageLimits } from "../../vault/settings.ts";
import { storedOutlines } from "../../vault/storage/stored-secret.ts";
import { startVault } from "../../vault/vault.ts";
import { vaultAtService } from "../../vault/vault-address.ts";
import { settle } from "../support/fake-clock.ts";
import { silentLog } from "../support/silent-log.ts";
import { foreignSecret, OTHER_HOST, VAULT_AUDIENCE, VAULT_HOST, type VaultWorld, vaultWorld } from "./vault-world.ts";

/** Another vault process on the same cluster. */
const sameAs = ({ world, url }: VaultWorld) => ({
  ...{ api: world.api, clock: world.clock, log: silentLog },
  authority: { verify: async () => ({ kind: "invalid" }) as const, decide: () => Promise.reject(new Error()) },
  settings: {
    ...{
      namespace: "lanyard-vault",
      issuerUrl: url,
      rateLimits: defaultRateLimits,
      storageLimits: defaultStorageLimits,
    },
    vaultAt: vaultAtService("cluster.local"),
  },
});

const hex = /^[0-9a-f]{32}$/;

describe("a vault as its clients see it", () => {
  test("a client without a token is told where to get one, and for what", async () => {
    const it = await vaultWorld();
    const { status, headers, body } = await it.ask("GET /secrets");
    expect(status).toBe(401);
    expect(headers["www-authenticate"]).toBe(
      `Bearer authorization="${it.url}/${await it.world.tenantId()}", resource="${VAULT_AUDIENCE}"`,
    );
    expect(body.error.code).toBe("Unauthorized");
    expect(it.audited).toEqual([]);
  });

  test("a secret is set, read, changed, deleted, recovered and purged", async () => {
    const it = await vaultWorld();
    const token = await it.tokenOf("payments/admin");
    const now = it.world.clock.now() / 1000;
    const wish = { value: "hunter2", contentType: "text/plain", tags: { for: "orders" }, attributes: { exp: 2e9 } };
    const set = await it.ask("PUT /secrets/Db-Password", { token, body: wish });
    expect(set.status).toBe(200);
    expect(set.body).toEqual({
      value: "hunter2",
      id: expect.stringMatching(/^https:\/\/payments-vault\.payments\.svc\/secrets\/Db-Password\/[0-9a-f]{32}$/),
      contentType: "text/plain",
      tags: { for: "orders" },
      attributes: {
        ...{ enabled: true, exp: 2e9, created: now, updated: now },
        ...{ recoveryLevel: "CustomizedRecoverable+Purgeable", recoverableDays: 7 },
      },
    });
    expect((await it.ask("GET /secrets/db-password", { token })).body).toEqual(set.body);
    expect((await it.ask("GET /secrets/DB-PASSWORD/", { token })).body).toEqual(set.body);

    const version = set.body.id.split("/").at(-1);
    const patched = await it.ask(`PATCH /secrets/db-password/${version}`, { token, body: { tags: {} } });
    const { value: _, ...described } = set.body;
    expect(patched.body).toEqual({ ...described, tags: {} });

    const deleted = await it.ask("DELETE /secrets/db-password", { token });
    expect(deleted.body).toMatchObject({
      recoveryId: "https://payments-vault.payments.svc/deletedsecrets/Db-Password",
      deletedDate: now,
      scheduledPurgeDate: now + 7 * 86_400,
      id: set.body.id,
    });
    expect(deleted.body).not.toHaveProperty("value");
    expect((await it.ask("GET /deletedsecrets/db-password", { token })).body).toEqual(deleted.body);
    expect((await it.ask("GET /secrets", { token })).body).toEqual({ value: [], nextLink: null });
    expect((await it.ask("PUT /secrets/db-password", { token, body: wish })).body.error).toMatchObject({
      code: "Conflict",
      innererror: { code: "ObjectIsDeletedButRecoverable" },
    });

    expect((await it.ask("POST /deletedsecrets/db-password/recover", { token })).body).toEqual(patched.body);
    expect((await it.ask("GET /secrets/db-password", { token })).body.value).toBe("hunter2");
    await it.ask("DELETE /secrets/db-password", { token });
    expect((await it.ask("DELETE /deletedsecrets/db-password", { token })).status).toBe(204);
    expect((await it.ask("GET /deletedsecrets/db-password", { token })).status).toBe(404);
    expect((await it.world.api.list(secrets)).items).toEqual([]);
  });

  test("lists go on from page to page, by a link that is followed as it is", async () => {
    const it = await vaultWorld();
    const token = await it.tokenOf("payments/admin");
    for (const name of ["c", "A", "b"]) await it.ask(`PUT /secrets/${name}`, { token, body: { value: name } });
    const first = await it.ask("GET /secrets?api-version=7.6&maxresults=2", { token });
    expect(first.body.value.map(({ id }: { id: string }) => id)).toEqual([
      "https://payments-vault.payments.svc/secrets/A",
      "https://payments-vault.payments.svc/secrets/b",
    ]);
    const next = new URL(first.body.nextLink);
    expect(next.host).toBe(VAULT_HOST);
    const second = await it.ask(`GET ${next.pathname}${next.search}`, { token });
    expect(second.body).toMatchObject({ value: [{ id: expect.stringMatching(/\/c$/) }], nextLink: null });
  });

  test("a disabled version is not read, and enabled again it is; one that is not valid yet is", async () => {
    const it = await vaultWorld();
    const token = await it.tokenOf("payments/admin");
    await it.ask("PUT /secrets/key", { token, body: { value: "x", attributes: { enabled: false } } });
    const { status, body } = await it.ask("GET /secrets/key", { token });
    expect(status).toBe(403);
    expect(body.error).toMatchObject({ code: "Forbidden", innererror: { code: "SecretDisabled" } });
    await it.ask("PATCH /secrets/key/", { token, body: { attributes: { enabled: true, nbf: 4e9 } } });
    expect((await it.ask("GET /secrets/key", { token })).body.value).toBe("x");
  });

  test("a vault that is created again under the same name begins empty, and nothing that the first one held is purged", async () => {
    const it = await vaultWorld();
    const token = await it.tokenOf("payments/admin");
    for (const name of ["key", "old"]) await it.ask(`PUT /secrets/${name}`, { token, body: { value: "of the first" } });
    await it.ask("DELETE /secrets/old", { token });
    await it.world.delete(protectedResources, "payments/payments-vault");
    await it.world.resource("payments/payments-vault", VAULT_AUDIENCE, { vault: { softDeleteRetention: "7d" } });
    expect((await it.ask("GET /secrets/key", { token })).status).toBe(404);
    expect((await it.ask("GET /secrets", { token })).body.value).toEqual([]);
    const { body } = await it.ask("POST /deletedsecrets/old/recover", { token });
    expect(body.error.message).toContain("There is no deleted secret old in this vault.");
    for (let quarter = 0; quarter < 4; quarter++) await it.world.clock.advance(91 * 86_400_000);
    const left = (await it.world.api.list(storedOutlines)).items.map(({ outline }) => outline);
    expect(left.map((outline) => [outline?.name, outline?.deletion !== undefined]).sort()).toEqual([
      ["key", false],
      ["old", true],
    ]);
  });

  test("a deleted secret is purged when its time comes, also by a vault that was started since", async () => {
    const it = await vaultWorld();
    const token = await it.tokenOf("payments/admin");
    await it.ask("PUT /secrets/key", { token, body: { value: "x" } });
    await it.ask("DELETE /secrets/key", { token });
    await it.vault.stop();
    expect(it.world.clock.pending).toBe(0);
    const again = startVault({ ...sameAs(it), audit: () => {} });
    await again.synced;
    await it.world.clock.advance(6 * 86_400_000);
    expect((await it.world.api.list(secrets)).items).toHaveLength(1);
    await it.world.clock.advance(86_400_000);
    await settle();
    expect((await it.world.api.list(secrets)).items).toEqual([]);
    await again.stop();
  });

  test("what else is in its namespace is not its business", async () => {
    const it = await vaultWorld();
    await it.world.api.create(secrets, foreignSecret);
    const token = await it.tokenOf("payments/admin");
    expect((await it.ask("GET /secrets", { token })).body.value).toEqual([]);
    await it.world.clock.advance(100 * 86_400_000);
    expect((await it.world.api.list(secrets)).items).toHaveLength(1);
  });

  test("values stand in Secrets of Kubernetes in the vault's own namespace, and nowhere else", async () => {
    const it = await vaultWorld();
    const token = await it.tokenOf("payments/admin");
    await it.ask("PUT /secrets/key", { token, body: { value: "hunter2" } });
    const { items } = await it.world.api.list(secrets);
    expect(items).toMatchObject([{ metadata: { namespace: "lanyard-vault" }, type: "lanyard.dev/vault-secret" }]);
    const [version] = Object.keys(items[0]?.data ?? {}).filter((key) => key.startsWith("value."));
    expect(version?.slice("value.".length)).toMatch(hex);
    expect(items[0]?.data?.[version ?? ""]).toBe(Buffer.from("hunter2").toString("base64"));
  });

  test("the oldest version goes when there would be more than are kept", async () => {
    const it = await vaultWorld();
    const token = await it.tokenOf("payments/admin");
    const first = await it.ask("PUT /secrets/key", { token, body: { value: "0" } });
    for (let n = 1; n <= 25; n++) await it.ask("PUT /secrets/key", { token, body: { value: String(n) } });
    expect((await it.ask("GET /secrets/key/versions", { token })).body.value).toHaveLength(25);
    expect((await it.ask(`GET ${new URL(first.body.id).pathname}`, { token })).status).toBe(404);
    expect((await it.ask("GET /secrets/key", { token })).body.value).toBe("25");
    const [stored] = (await it.world.api.list(secrets)).items;
    expect(Object.keys(stored?.data ?? {})).toHaveLength(26);
  });
});

describe("rights", () => {
  test("who has a role on one secret reads that one and its versions, and is not told whether others are there", async () => {
    const it = await vaultWorld();
    const admin = await it.tokenOf("payments/admin");
    for (const name of ["db-password", "db-password-2"]) {
      await it.ask(`PUT /secrets/${name}`, { token: admin, body: { value: name } });
    }
    const token = await it.tokenOf("shop/orders");
    expect((await it.ask("GET /secrets/Db-Password", { token })).body.value).toBe("db-password");
    expect((await it.ask("GET /secrets/db-password/versions", { token })).body.value).toHaveLength(1);
    const refused = await Promise.all(
      ["GET /secrets/db-password-2", "GET /secrets/none", "GET /secrets", "GET /deletedsecrets"].map((line) =>
        it.ask(line, { token }),
      ),
    );
    expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
    expect(refused[0]?.body.error).toMatchObject({
      code: "Forbidden",
      innererror: { code: "ForbiddenByRbac" },
      message: expect.stringContaining("/namespaces/shop/managedIdentities/orders"),
    });
    const writes = ["PUT /secrets/db-password", "PATCH /secrets/db-password/", "DELETE /secrets/db-password"];
    for (const line of writes) expect((await it.ask(line, { token, body: { value: "x" } })).status).toBe(403);
  });

  test("a right that is taken away is away with the next request, though the token is good for an hour", async () => {
    const it = await vaultWorld();
    await it.ask("PUT /secrets/db-password", { token: await it.tokenOf("payments/admin"), body: { value: "x" } });
    const token = await it.tokenOf("shop/orders");
    expect((await it.ask("GET /secrets/db-password", { token })).status).toBe(200);
    await it.world.delete(roleAssignments, "payments/orders");
    expect((await it.ask("GET /secrets/db-password", { token })).status).toBe(403);
  });

  test("an issuer that is away allows nothing, and says when to come back", async () => {
    const unavailable = { kind: "unavailable", detail: "away", retryAfterSeconds: 7 } as const;
    const it = await vaultWorld({
      authority: { verify: async () => unavailable, decide: async () => unavailable },
    });
    const { status, headers, body } = await it.ask("GET /secrets/key", { token: "any" });
    expect(status).toBe(503);
    expect(headers["retry-after"]).toBe("7");
    expect(body.error.code).toBe("ServiceUnavailable");
  });

  test("one vault's rights are none in another", async () => {
    const it = await vaultWorld();
    const token = await it.tokenOf("shop/orders", `https://${OTHER_HOST}`);
    expect((await it.ask("GET /secrets/db-password", { token, host: OTHER_HOST })).status).toBe(403);
  });

  test("the pods of one namespace that ask too often together are told to wait, and those of others are not", async () => {
    const it = await vaultWorld({
      settings: { rateLimits: { ...defaultRateLimits, perNamespace: { perSecond: 1, burst: 2 } } },
    });
    const [orders, stranger] = [await it.tokenOf("shop/orders"), await it.tokenOf("shop/stranger")];
    const ask = async (token: string) => (await it.ask("GET /secrets/db-password", { token })).status;
    expect([await ask(orders), await ask(stranger), await ask(orders), await ask(stranger)]).toEqual([
      404, 403, 429, 429,
    ]);
    expect(await ask(await it.tokenOf("payments/admin"))).toBe(404);
  });

  test("an identity that asks too often is told to wait", async () => {
    const rate = { perSecond: 1, burst: 2 };
    const it = await vaultWorld({
      settings: { rateLimits: { ...defaultRateLimits, perPrincipal: rate } },
    });
    const token = await it.tokenOf("payments/admin");
    for (const status of [404, 404, 429]) expect((await it.ask("GET /secrets/key", { token })).status).toBe(status);
    const { headers, body } = await it.ask("GET /secrets/key", { token });
    expect(headers["retry-after"]).toBe("1");
    expect(body.error.code).toBe("Throttled");
    const other = await it.tokenOf("shop/orders");
    expect((await it.ask("GET /secrets/db-password", { token: other })).status).toBe(404);
  });
});
