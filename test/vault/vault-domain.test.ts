import { describe, expect, test } from "vitest";
import { protectedResources } from "../../kube/kinds.ts";
import { vaultAtService } from "../../vault/vault-address.ts";
import { outcome } from "./attacked.ts";
import { OTHER_HOST, VAULT_AUDIENCE, VAULT_HOST, type VaultWorld, vaultWorld } from "./vault-world.ts";

const DOMAIN = "vault.example.com";
const SHARED = `https://${DOMAIN}`;
const HOST = `payments-vault.payments.${DOMAIN}`;
const SYSTEM = "lanyard-system";

/** The vaults also have hosts below a domain, and the resource of `registered` owns the audience that they share there. */
async function domainWorld(registered: string = `${SYSTEM}/vaults`): Promise<VaultWorld> {
  const it = await vaultWorld({ settings: { vaultAt: vaultAtService("cluster.local", DOMAIN), installedIn: SYSTEM } });
  await it.world.namespace(SYSTEM);
  await it.world.resource(registered, SHARED, { assignmentRequired: false });
  const admin = await it.tokenOf("payments/admin");
  for (const name of ["db-password", "card-key"]) {
    await it.ask(`PUT /secrets/${name}`, { token: admin, body: { value: "hunter2" } });
  }
  return it;
}

test.each([
  [HOST, SHARED],
  [`${HOST}:8443`, SHARED],
  [VAULT_HOST, VAULT_AUDIENCE],
  [`${VAULT_HOST}.cluster.local`, VAULT_AUDIENCE],
])("at %s the challenge names %s", async (host, resource) => {
  const it = await domainWorld();
  const { headers } = await it.ask("GET /secrets", { host });
  expect(headers["www-authenticate"]).toContain(`resource="${resource}"`);
});

test("a token for the domain reads what its holder has a role on, and the ids name the host that was asked", async () => {
  const it = await domainWorld();
  const token = await it.tokenOf("shop/orders", SHARED);
  const reply = await it.ask("GET /secrets/db-password", { token, host: HOST });
  expect(reply.body).toMatchObject({ value: "hunter2", id: expect.stringContaining(`https://${HOST}/secrets/`) });
});

test("the vault's own audience is good at the domain too", async () => {
  const it = await domainWorld();
  const token = await it.tokenOf("shop/orders");
  expect(outcome(await it.ask("GET /secrets/db-password", { token, host: HOST }))).toBe("200 answered");
});

describe("a token for the domain opens nothing by itself", () => {
  test.each([
    ["shop/stranger", HOST, "db-password"],
    ["shop/orders", HOST, "card-key"],
    ["shop/orders", `other-vault.payments.${DOMAIN}`, "db-password"],
  ])("%s is refused at %s/secrets/%s", async (who, host, secret) => {
    const it = await domainWorld();
    const token = await it.tokenOf(who, SHARED);
    expect(outcome(await it.ask(`GET /secrets/${secret}`, { token, host }))).toBe("403 Forbidden");
  });
});

describe("tokens at the wrong host", () => {
  test.each([
    { what: "for the domain, at the Service", audience: SHARED, host: VAULT_HOST },
    { what: "for the domain, at the Service's long name", audience: SHARED, host: `${VAULT_HOST}.cluster.local` },
    { what: "for another vault", audience: `https://${OTHER_HOST}`, host: HOST },
    { what: "for another resource", audience: "https://queue.payments.svc", host: HOST },
  ])("one $what is refused", async ({ audience, host }) => {
    const it = await domainWorld();
    const token = await it.tokenOf("payments/admin", audience);
    expect(outcome(await it.ask("GET /secrets/db-password", { token, host }))).toBe("401 Unauthorized");
  });

  test("a Host that names the domain does not make a token for it good at a second Host, or in a forwarded one", async () => {
    const it = await domainWorld();
    const token = await it.tokenOf("payments/admin", SHARED);
    const twice = await it.ask("GET /secrets/db-password", { token, host: VAULT_HOST, headers: ["host", HOST] });
    const forwarded = ["x-forwarded-host", HOST, "forwarded", `host=${HOST}`];
    const once = await it.ask("GET /secrets/db-password", { token, host: VAULT_HOST, headers: forwarded });
    expect([twice.status, once.status]).toEqual([401, 401]);
  });
});

describe("the audience belongs to the installation", () => {
  test("a tenant that owns it gets no vault to take the tokens that its clients show it", async () => {
    const it = await domainWorld("payments/mine");
    const token = await it.tokenOf("payments/admin", SHARED);
    const reply = await it.ask("GET /secrets/db-password", { token, host: HOST });
    expect(outcome(reply)).toBe("401 Unauthorized");
    expect(reply.body.error.message).toContain("registers it with a ProtectedResource in the namespace");
  });

  test("a token for it is refused as soon as it is registered no more", async () => {
    const it = await domainWorld();
    const token = await it.tokenOf("payments/admin", SHARED);
    await it.world.delete(protectedResources, `${SYSTEM}/vaults`);
    expect(outcome(await it.ask("GET /secrets/db-password", { token, host: HOST }))).toBe("401 Unauthorized");
  });
});
