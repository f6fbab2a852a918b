import { type IncomingMessage, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";
import { createPlainServer } from "../../http/server.ts";
import type { KubeApi, Manifest } from "../../kube/api.ts";
import { secrets } from "../../kube/cluster-kinds.ts";
import { allKinds, roleAssignments } from "../../kube/kinds.ts";
import type { VaultAuditRecord } from "../../vault/audit.ts";
import type { Authority } from "../../vault/authority.ts";
import { vaultErrorBody } from "../../vault/http.ts";
import { issuerAuthority } from "../../vault/issuer/issuer-authority.ts";
import { issuerTransport } from "../../vault/issuer/issuer-transport.ts";
import { defaultRateLimits, defaultStorageLimits, type VaultSettings } from "../../vault/settings.ts";
import { startVault, type Vault } from "../../vault/vault.ts";
import { vaultAtService } from "../../vault/vault-address.ts";
import { settle } from "../support/fake-clock.ts";
import { type IssuerWorld, issuerWorld, textLog } from "../support/issuer-world.ts";
import type { World } from "../support/world.ts";

export const VAULT_HOST = "payments-vault.payments.svc";
export const OTHER_HOST = "other-vault.payments.svc";
export const VAULT_AUDIENCE = `https://${VAULT_HOST}`;
const VAULT_NAMESPACE = "lanyard-vault";

/** What a client sends; everything may be left out. */
export interface Sent {
  readonly host?: string;
  readonly token?: string;
  /** Name and value in turn, as they are sent: a name may come twice. */
  readonly headers?: readonly string[];
  readonly body?: unknown;
}

export interface Received {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  // The JSON of a reply, as loosely typed as it came: the test says what should be in it.
  readonly body: ReturnType<typeof JSON.parse>;
}

export interface VaultWorld extends IssuerWorld {
  readonly vault: Vault;
  readonly vaultPort: number;
  readonly audited: VaultAuditRecord[];
  /** How many secrets had no vault, each time that the vault counted them. */
  readonly orphans: number[];
  /** Everything that the vault logged, as text. */
  readonly vaultLogged: string[];
  /** `METHOD PATH`, with an api-version unless the path has a query. */
  readonly ask: (line: string, sent?: Sent) => Promise<Received>;
  /** Tokens of managed identities for the vault, or for another audience. */
  readonly tokenOf: (identity: string, audience?: string) => Promise<string>;
}

export interface VaultWorldOptions {
  readonly settings?: Partial<VaultSettings>;
  /** In place of the issuer. */
  readonly authority?: Authority;
  /** Puts something between the vault and the API server. */
  readonly through?: (api: KubeApi) => KubeApi;
}

/**
 * An issuer and a vault process for two vaults, over HTTP since TLS is the server's. `payments/admin` may do everything
 * in both, `shop/orders` reads one secret of the first, and `shop/stranger` has no role.
 */
export async function vaultWorld({ settings = {}, through = (api) => api, ...given }: VaultWorldOptions = {}) {
  const it = await issuerWorld({ decisionNamespaces: [VAULT_NAMESPACE] }, buildVaults, [...allKinds, secrets]);
  const { world, tokens, url } = it;
  const account = await world.serviceAccount(`${VAULT_NAMESPACE}/vault`);
  const pod = await world.pod(`${VAULT_NAMESPACE}/vault-0`, { serviceAccount: "vault" });
  const transport = issuerTransport({ url, readToken: () => tokens.mintPodToken(pod, account), clock: world.clock });
  const [audited, vaultLogged, orphans]: [VaultAuditRecord[], string[], number[]] = [[], [], []];
  const vault = startVault({
    api: through(world.api),
    clock: world.clock,
    log: textLog(vaultLogged),
    audit: (record) => audited.push(record),
    onOrphans: (secrets) => orphans.push(secrets),
    authority: given.authority ?? issuerAuthority({ transport, issuerUrl: url, clock: world.clock }),
    settings: {
      namespace: VAULT_NAMESPACE,
      issuerUrl: url,
      vaultAt: vaultAtService("cluster.local"),
      rateLimits: defaultRateLimits,
      storageLimits: defaultStorageLimits,
      ...settings,
    },
  });
  const { server, port: vaultPort } = await listen(vault);
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await vault.stop();
    transport.close();
  });
  await vault.synced;
  const accounts = await podsOf(world);
  return {
    ...{ ...it, vault, vaultPort, audited, orphans, vaultLogged },
    ask: (line: string, sent: Sent = {}) => send(vaultPort, line, sent),
    async tokenOf(identity: string, audience = VAULT_AUDIENCE): Promise<string> {
      const found = accounts.get(identity);
      if (found === undefined) throw new TypeError(`nobody is ${identity}`);
      const reply = await it.post("/oauth2/token", {
        grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
        subject_token: await tokens.mintPodToken(found.pod, found.account),
        subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
        audience,
      });
      const { access_token: token, ...refused } = JSON.parse(await reply.text());
      if (token === undefined) throw new Error(JSON.stringify(refused));
      return token;
    },
  } satisfies VaultWorld;
}

const people = ["payments/admin", "shop/orders", "shop/stranger"] as const;

async function buildVaults(world: World): Promise<void> {
  for (const namespace of ["shop", "payments", VAULT_NAMESPACE]) await world.namespace(namespace);
  const spec = { vault: { softDeleteRetention: "7d" }, assignmentRequired: false };
  await world.resource("payments/payments-vault", VAULT_AUDIENCE, spec);
  await world.resource("payments/other-vault", `https://${OTHER_HOST}`, spec);
  await world.resource("payments/queue", "https://queue.payments.svc", { assignmentRequired: false });
  await world.role("owner", ["**"]);
  await world.role("secrets-reader", ["secrets/read", "secrets/list"]);
  for (const name of people) {
    await world.identity(name, { subjects: [{ serviceAccount: name.split("/")[1] }] });
  }
  await world.assignment("payments/admin", { to: "payments/admin", role: "owner" });
  await world.assignment("payments/orders", { to: "shop/orders", role: "secrets-reader", resource: "payments-vault" });
  await world.update(roleAssignments, "payments/orders", {
    principal: { managedIdentity: "orders", namespace: "shop" },
    roleDefinition: "secrets-reader",
    resource: "payments-vault",
    subresource: "secrets/db-password",
  });
}

async function podsOf(world: World) {
  const pods = people.map(async (name) => {
    const account = await world.serviceAccount(name);
    return [name, { account, pod: await world.pod(`${name}-1`, { serviceAccount: account.metadata.name }) }] as const;
  });
  return new Map<string, Awaited<(typeof pods)[number]>[1]>(await Promise.all(pods));
}

async function listen({ listener }: Vault): Promise<{ server: Server; port: number }> {
  const server = createPlainServer({ errorBody: vaultErrorBody }, listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, port: (server.address() as AddressInfo).port };
}

async function send(port: number, line: string, { host = VAULT_HOST, token, headers = [], body }: Sent) {
  await settle();
  const [method = "", path = ""] = line.split(" ");
  const authorization = token === undefined ? [] : ["authorization", `Bearer ${token}`];
  const content = typeof body === "string" || body === undefined ? body : JSON.stringify(body);
  const length = content === undefined ? [] : ["content-length", String(Buffer.byteLength(content))];
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const sent = request(
    {
      ...{ host: "127.0.0.1", port, method, setHost: false, agent: false },
      path: path.includes("?") ? path : `${path}?api-version=7.6`,
      headers: ["host", host, "content-type", "application/json", ...authorization, ...length, ...headers],
    },
    resolve,
  );
  sent.on("error", reject);
  sent.end(content);
  const reply = await promise;
  const answer = await text(reply);
  return {
    status: reply.statusCode ?? 0,
    headers: reply.headers,
    body: answer === "" ? undefined : JSON.parse(answer),
  };
}

/** A manifest of a Secret that somebody else wrote into the vault's namespace. */
export const foreignSecret: Manifest = {
  apiVersion: "v1",
  kind: "Secret",
  metadata: { namespace: VAULT_NAMESPACE, name: "somebody-elses" },
  type: "Opaque",
  data: { "secret.json": "bm8=" },
};
