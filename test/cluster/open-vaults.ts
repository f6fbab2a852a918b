import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { connect } from "../../kube/client/connect.ts";
import { systemClock } from "../../kube/clock.ts";
import type { Authority } from "../../vault/authority.ts";
import { defaultRateLimits, defaultStorageLimits } from "../../vault/settings.ts";
import { startVault } from "../../vault/vault.ts";
import { vaultAtService } from "../../vault/vault-address.ts";
import { silentLog } from "../support/silent-log.ts";
import type { TestCluster } from "./test-cluster.ts";

/** The vault process on a real API server, asked over HTTP as one caller who may do everything. */
export interface Vaults {
  readonly ask: (method: string, path: string, body?: object) => Promise<Reply>;
  readonly close: () => Promise<void>;
}

interface Reply {
  readonly status: number;
  // The JSON of a reply, as loosely typed as it came: the test says what should be in it.
  readonly body: ReturnType<typeof JSON.parse>;
}

export async function openVault(cluster: Pick<TestCluster, "kubeconfig" | "context">, host: string): Promise<Vaults> {
  const client = await connect(cluster);
  const vault = startVault({
    ...{ api: client.api, clock: systemClock, log: silentLog, audit: () => {}, authority: allowing(`https://${host}`) },
    settings: {
      ...{
        namespace: "lanyard-vault",
        issuerUrl: "https://issuer.example",
        rateLimits: defaultRateLimits,
        storageLimits: defaultStorageLimits,
      },
      vaultAt: vaultAtService("cluster.local"),
    },
  });
  await vault.synced;
  const server = createServer(vault.listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  let isOpen = true;
  return {
    ask: (method, path, body) => send(port, { host, method, path, body }),
    async close() {
      if (!isOpen) return;
      isOpen = false;
      server.closeAllConnections();
      server.close();
      await vault.stop();
      await client.close();
    },
  };
}

/** No issuer runs on a bare API server. */
const allowing = (audience: string): Authority => ({
  verify: async () => ({ kind: "verified", caller: { principalId: "p", audience } }),
  decide: async () => ({ kind: "allowed" }),
});

interface Sent {
  readonly host: string;
  readonly method: string;
  readonly path: string;
  readonly body: object | undefined;
}

async function send(port: number, { host, method, path, body }: Sent): Promise<Reply> {
  const content = body === undefined ? "" : JSON.stringify(body);
  const headers = { host, authorization: "Bearer any", "content-length": Buffer.byteLength(content) };
  const target = { host: "127.0.0.1", port, method, path: `${path}?api-version=7.6`, headers };
  const response = await new Promise<import("node:http").IncomingMessage>((resolve, reject) => {
    request({ ...target, agent: false }, resolve)
      .once("error", reject)
      .end(content);
  });
  return { status: response.statusCode ?? 0, body: await json(response) };
}
