import { join } from "node:path";
import { cacheRoot } from "../../tools/cache-root.ts";

/** One cluster a machine: its addresses, ports and kernel rules would clash with those of a second one. */
const root = join(cacheRoot(process.env), "cluster");
const run = join(root, "run");

/** Where what a cluster is made of lies, outside the checkout. */
export const folders = {
  root,
  /** All of a running cluster; `down` deletes it, but for the logs. */
  run,
  logs: join(run, "logs"),
  pids: join(run, "pids"),
  certificates: join(run, "certificates"),
  kubeconfigs: join(run, "kubeconfigs"),
  etcd: join(run, "etcd"),
  containerd: join(run, "containerd"),
  kubelet: join(run, "kubelet"),
  podLogs: join(run, "pod-logs"),
  network: join(run, "network"),
  configuration: join(run, "configuration"),
  /** What the kernel's rules and settings were before: see host-state.ts. */
  before: join(run, "before"),
} as const;

/** The administrator's kubeconfig: what `node test/cluster/kubeconfig.ts` names. */
export const adminKubeconfig = join(folders.kubeconfigs, "admin");
/** Its one context. */
export const CONTEXT = "lanyard-test";

export const NODE_NAME = "lanyard-test";
export const BRIDGE = "lanyard0";
/** The node's own address, on the bridge that its pods hang on: nothing depends on the machine's network. */
export const NODE_ADDRESS = "10.85.0.1";
export const POD_RANGE = "10.85.0.0/16";
export const SERVICE_RANGE = "10.96.0.0/16";
/** The first address of the range: the Service `kubernetes`. */
export const API_SERVICE_ADDRESS = "10.96.0.1";
export const DNS_SERVICE_ADDRESS = "10.96.0.10";
export const CLUSTER_DOMAIN = "cluster.local";

/** None is the usual one: a developer may have another cluster. */
export const ports = {
  etcd: 12_379,
  etcdPeer: 12_380,
  api: 16_443,
  controllerManager: 20_257,
  scheduler: 20_259,
  kubeletHealth: 20_248,
  kubeProxyHealth: 20_256,
  kubeProxyMetrics: 20_249,
  dnsReady: 20_053,
} as const;

export const containerdSocket = join(folders.containerd, "containerd.sock");
export const PAUSE_IMAGE = "lanyard.dev/test/pause:1";
