import { createServer } from "node:http";
import { type AddressInfo, connect, type Server } from "node:net";
import { join } from "node:path";
import { startEndpoint } from "../../cli/dev/endpoint.ts";
import { FileSet } from "../../cli/dev/file-set.ts";
import { devVaultNamespace, type Plane, startPlane } from "../../cli/dev/plane.ts";
import { openState } from "../../cli/dev/state.ts";
import { writeVaultTrust } from "../../cli/dev/vault-trust.ts";
import { ensurePod, ensureReferenced } from "../../cli/dev/virtual-pod.ts";
import type { WorkloadReference } from "../../cli/dev/workload-reference.ts";
import { createTlsServer } from "../../http/server.ts";
import { systemClock as clock } from "../../kube/clock.ts";
import { issueAuthority, issueServing } from "../../operator/certificates/issue-certificate.ts";
import { domainsOf } from "../../operator/certificates/name-constraints.ts";
import { vaultErrorBody } from "../../vault/http.ts";
import { issuerAuthority } from "../../vault/issuer/issuer-authority.ts";
import { issuerTransport } from "../../vault/issuer/issuer-transport.ts";
import { defaultRateLimits, defaultStorageLimits } from "../../vault/settings.ts";
import { startVault, type Vault } from "../../vault/vault.ts";
import { vaultAtService } from "../../vault/vault-address.ts";
import { silentLog as log } from "../support/silent-log.ts";

export const DOMAIN = "vault.example.com";
export const VAULT_URL = `https://payments-vault.payments.${DOMAIN}`;

type Environment = Readonly<Record<string, string>>;

export interface VaultDomainWorld {
  /** The variables of a pod that finds the vault below the domain and trusts the installation's authority. */
  readonly environmentOf: (namespace: string, serviceAccount: string) => Promise<Environment>;
  readonly stop: () => Promise<void>;
}

/**
 * The vault of a cluster below a domain: its host and port 443 are reached through a proxy, as no name of the domain
 * leads to this machine. Its certificate is of an authority with the constraints that the operator's has.
 */
export async function vaultDomainWorld(): Promise<VaultDomainWorld> {
  const plane = await startPlane({ clock, log, state: await openState(undefined), issuerPort: undefined, audit() {} });
  const files = new FileSet(
    plane.api,
    ["vault-world", "vault-domain"].map((name) => join(import.meta.dirname, name)),
  );
  const loaded = await files.load();
  if (loaded.kind === "refused") throw new Error(JSON.stringify(loaded.problems));
  await plane.settled();
  const cleanUps: (() => Promise<void>)[] = [() => plane.stop()];
  const vault = await vaultOf(plane, cleanUps);
  const { authority, serving } = await certificates();
  const tls = createTlsServer(serving, { errorBody: vaultErrorBody }, vault.listener);
  const proxy = proxyTo(await portOf(tls, cleanUps));
  const trust = await writeVaultTrust(authority.cert, {});
  cleanUps.push(trust.remove);
  const proxyUrl = `http://127.0.0.1:${await portOf(proxy, cleanUps)}`;

  return {
    async environmentOf(namespace, name) {
      const reference = { by: "serviceAccount", namespace, name } as const;
      const endpoint = await startEndpoint(reference, { ...plane, clock, port: 0, report() {} });
      if (endpoint === undefined) throw new Error(`there is no ServiceAccount ${namespace}/${name}`);
      cleanUps.push(() => endpoint.close());
      return {
        ...endpoint.environment({}),
        ...trust.environment,
        VAULT_URL,
        HTTPS_PROXY: proxyUrl,
        NO_PROXY: "127.0.0.1",
      };
    },
    async stop() {
      for (const cleanUp of cleanUps.toReversed()) await cleanUp();
    },
  };
}

async function vaultOf({ api, issuerUrl, clusterTokens }: Plane, cleanUps: (() => Promise<void>)[]): Promise<Vault> {
  const self: WorkloadReference = { by: "serviceAccount", namespace: devVaultNamespace, name: "vault" };
  await ensureReferenced(api, self);
  const own = await ensurePod(api, self);
  if (own === undefined) throw new Error("the vault has no pod");
  const readToken = (): Promise<string> => clusterTokens.podToken(own.pod, own.serviceAccount, clock.now());
  const transport = issuerTransport({ url: issuerUrl, readToken, clock });
  const vault = startVault({
    ...{ api, clock, log, audit() {}, authority: issuerAuthority({ transport, issuerUrl, clock }) },
    settings: {
      ...{ namespace: devVaultNamespace, issuerUrl, installedIn: "lanyard-system" },
      vaultAt: vaultAtService("cluster.local", DOMAIN),
      ...{ rateLimits: defaultRateLimits, storageLimits: defaultStorageLimits },
    },
  });
  cleanUps.push(async () => transport.close());
  cleanUps.push(() => vault.stop());
  await vault.synced;
  return vault;
}

async function certificates() {
  const validity = { notBefore: clock.now() - 60_000, notAfter: clock.now() + 3_600_000 };
  const authority = await issueAuthority({ ...validity, domains: domainsOf("cluster.local", DOMAIN) });
  const host = new URL(VAULT_URL).hostname;
  return { authority, serving: await issueServing({ ...validity, authority, dnsNames: [host] }) };
}

/** Lets a client CONNECT (RFC 9110 §9.3.6) to the vault's host and to no other. */
function proxyTo(port: number): Server {
  return createServer((_, response) => response.writeHead(405).end()).on("connect", (request, client) => {
    client.on("error", () => client.destroy());
    if (request.url !== `${new URL(VAULT_URL).hostname}:443`) return client.end("HTTP/1.1 403 Forbidden\r\n\r\n");
    const vault = connect(port, "127.0.0.1", () => client.write("HTTP/1.1 200 OK\r\n\r\n"));
    vault.on("error", () => client.destroy()).on("close", () => client.destroy());
    client.on("close", () => vault.destroy());
    return vault.pipe(client).pipe(vault);
  });
}

async function portOf(server: Server, cleanUps: (() => Promise<void>)[]): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanUps.push(() => new Promise((resolve) => server.close(() => resolve())));
  return (server.address() as AddressInfo).port;
}
