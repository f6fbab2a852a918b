import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KubeApi } from "../../../kube/api.ts";
import { pods } from "../../../kube/kinds.ts";
import { kubectl, type TestCluster } from "../../cluster/test-cluster.ts";
import { podToken } from "./grant-effect.ts";
import { HOST_POD } from "./objects.ts";
import { benchPod, NAMESPACE } from "./pods.ts";

/** A pod that exists, with the token that the kubelet would give it. */
export interface WatchedPod {
  readonly name: string;
  readonly subjectToken: string;
}

const FAKE_NODE = "lanyard-bench-without-kubelet";
const AT_ONCE = 20;
const TOKENS_AT_ONCE = 4;

/** A Node that no kubelet looks after, so that its pods are objects and nothing else. Resolves with what takes it away. */
export async function createFakeNode(cluster: TestCluster): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), "lanyard-bench-node-"));
  const file = join(folder, "node.json");
  writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "Node", metadata: { name: FAKE_NODE } }));
  await kubectl(cluster, "apply", `--filename=${file}`);
  rmSync(folder, { recursive: true });
  return async () => void (await kubectl(cluster, "delete", "node", FAKE_NODE, "--timeout=60s"));
}

/** So many pods for every controller to watch, of which the first have tokens. */
export async function createWatchedPods(
  { api, cluster }: { readonly api: KubeApi; readonly cluster: TestCluster },
  count: { readonly pods: number; readonly withToken: number },
): Promise<WatchedPod[]> {
  const names = Array.from({ length: count.pods }, (_none, index) => `watched-${index}`);
  await inTurns(names, AT_ONCE, (name) => api.create(pods, watchedPod(name)));
  const host = await api.get(pods, { namespace: NAMESPACE, name: HOST_POD });
  const podIPs = host.status?.podIPs ?? [];
  return inTurns(names.slice(0, count.withToken), TOKENS_AT_ONCE, async (name) => {
    const status = { phase: "Running", podIPs };
    const manifest = { apiVersion: "v1", kind: "Pod", metadata: { name, namespace: NAMESPACE }, status };
    // From the address of this machine, or the issuer would take the token for a stolen one.
    await api.applyStatus(pods, manifest, { fieldManager: "lanyard-bench", force: true });
    return { name, subjectToken: await podToken(cluster, name) };
  });
}

function watchedPod(name: string) {
  const { spec, ...pod } = benchPod({ name, shape: "alone" });
  const bound = { nodeName: FAKE_NODE, tolerations: [{ operator: "Exists" }] };
  return { ...pod, spec: { ...(typeof spec === "object" ? spec : {}), ...bound } };
}

async function inTurns<T, R>(items: readonly T[], atOnce: number, call: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let at = 0; at < items.length; at += atOnce) {
    results.push(...(await Promise.all(items.slice(at, at + atOnce).map(call))));
  }
  return results;
}
