import { setImmediate } from "node:timers/promises";
import { TENANT_NAMESPACE } from "../../identity/names.ts";
import type { AuditRecord } from "../../issuer/audit.ts";
import { startIssuer } from "../../issuer/issuer.ts";
import { defaultIssuerSettings } from "../../issuer/settings.ts";
import type { KubeApi } from "../../kube/api.ts";
import type { Clock } from "../../kube/clock.ts";
import { secrets } from "../../kube/cluster-kinds.ts";
import { allKinds, namespaces } from "../../kube/kinds.ts";
import type { Log } from "../../kube/log.ts";
import { InMemoryApi } from "../../kube/memory/in-memory-api.ts";
import { type Operator, startOperator } from "../../operator/operator.ts";
import { ensureNamespace } from "./apply-manifests.ts";
import { type ClusterTokens, createClusterTokens } from "./cluster-tokens.ts";
import { type LoopbackServer, listenLoopback } from "./listen-loopback.ts";
import type { State } from "./state.ts";

/** Where the pod of the vault runs; a pod of this namespace may ask the issuer about everything. */
export const devVaultNamespace = "lanyard-vault";

/** The identity plane in one process: the API in memory, and on it the operator and the issuer as in a cluster. */
export interface Plane {
  readonly api: KubeApi;
  readonly tenantId: string;
  readonly issuerUrl: string;
  readonly issuerPort: number;
  readonly clusterTokens: ClusterTokens;
  /** Resolves when the operator has seen all that was written, and has written all that follows from it. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

export interface PlaneOptions {
  readonly clock: Clock;
  readonly state: State;
  readonly issuerPort: number | undefined;
  readonly log: Log;
  readonly audit: (record: AuditRecord) => void;
}

export async function startPlane(options: PlaneOptions): Promise<Plane> {
  const { clock, state, log } = options;
  const api = new InMemoryApi({ kinds: [...allKinds, secrets], clock, newUid: state.newUid });
  const tenantId = await seed(api);
  const clusterTokens = await createClusterTokens();
  const http = await listenIssuer(options);
  const issuerUrl = `http://127.0.0.1:${http.port}`;
  const operator = startOperator({ api, clock, log, kubernetesRoles: "ignore" });
  const issuer = startIssuer({
    api,
    clock,
    log,
    audit: options.audit,
    url: issuerUrl,
    clusterTokens: {
      keys: clusterTokens.keys,
      current: async () => clusterTokens.issuer,
      review: async () => false,
    },
    signingKeys: state.signingKeys,
    settings: { ...defaultIssuerSettings, decisionNamespaces: [devVaultNamespace] },
  });
  http.serve(issuer.listener);
  await Promise.all([operator.synced, issuer.synced]);
  return {
    api,
    tenantId,
    issuerUrl,
    issuerPort: http.port,
    clusterTokens,
    settled: () => settled(api, operator),
    async stop() {
      await http.close();
      await Promise.all([issuer.stop(), operator.stop()]);
    },
  };
}

/** The API's version stands still over a turn of the event loop, in which watches deliver, and an idle operator. */
async function settled(api: KubeApi, operator: Pick<Operator, "idle">): Promise<void> {
  const version = async (): Promise<string> => (await api.list(namespaces)).resourceVersion;
  let [before, now]: (string | undefined)[] = [undefined, await version()];
  while (before !== now) {
    before = now;
    await setImmediate();
    await operator.idle();
    now = await version();
  }
}

/** The namespaces that every cluster has before anybody writes an object. */
async function seed(api: KubeApi): Promise<string> {
  for (const name of [TENANT_NAMESPACE, "default"]) await ensureNamespace(api, name);
  return (await api.get(namespaces, { name: TENANT_NAMESPACE })).metadata.uid;
}

/** The port asked for, or none other; without one the port of the last run if it is free, else any. */
async function listenIssuer({ issuerPort, state }: PlaneOptions): Promise<LoopbackServer> {
  if (issuerPort !== undefined) return listenLoopback(issuerPort, "--issuer-port");
  return listenLoopback(state.issuerPort ?? 0, "--issuer-port").catch(() => listenLoopback(0, "--issuer-port"));
}
