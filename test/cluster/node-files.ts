import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { certificateFile, keyFile } from "./certificates.ts";
import { CNI_PLUGINS } from "./debian-packages.ts";
import { kubeconfigFile } from "./kubeconfigs.ts";
import * as layout from "./layout.ts";

const { folders, ports } = layout;
const at = (name: string): string => join(folders.configuration, name);
const networkFolder = at("network");

export const nodeFiles = {
  containerd: at("containerd.toml"),
  kubelet: at("kubelet.yaml"),
  kubeProxy: at("kube-proxy.yaml"),
  corefile: at("Corefile"),
  dnsService: at("dns-service.yaml"),
} as const;

/** The configuration of everything that makes this machine a node. */
export async function writeNodeFiles(): Promise<void> {
  await mkdir(networkFolder, { recursive: true });
  await writeFile(nodeFiles.containerd, containerd);
  await writeFile(join(networkFolder, "lanyard.conflist"), JSON.stringify(network));
  await writeFile(nodeFiles.kubelet, stringify(kubelet));
  await writeFile(nodeFiles.kubeProxy, stringify(kubeProxy));
  await writeFile(nodeFiles.corefile, corefile);
  await writeFile(nodeFiles.dnsService, dnsService.map((manifest) => stringify(manifest)).join("---\n"));
}

/**
 * Nothing of it lies where another containerd would look. restrict_oom_score_adj: root in a virtual machine or a
 * container may lack CAP_SYS_RESOURCE. https://github.com/containerd/containerd/blob/main/docs/cri/config.md
 */
const containerd = `version = 2
root = "${join(folders.containerd, "root")}"
state = "${join(folders.containerd, "state")}"
[grpc]
  address = "${layout.containerdSocket}"
[plugins."io.containerd.internal.v1.opt"]
  path = "${join(folders.containerd, "opt")}"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${layout.PAUSE_IMAGE}"
  restrict_oom_score_adj = true
  netns_mounts_under_state_dir = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "${CNI_PLUGINS}"
    conf_dir = "${networkFolder}"
`;

/** https://www.cni.dev/plugins/current/main/bridge/ */
const network = {
  cniVersion: "1.0.0",
  name: "lanyard-test",
  plugins: [
    {
      type: "bridge",
      bridge: layout.BRIDGE,
      isDefaultGateway: true,
      ipMasq: true,
      hairpinMode: true,
      ipam: { type: "host-local", dataDir: folders.network, ranges: [[{ subnet: layout.POD_RANGE }]] },
    },
    { type: "portmap", capabilities: { portMappings: true } },
  ],
};

/** https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/ */
const kubelet = {
  apiVersion: "kubelet.config.k8s.io/v1beta1",
  kind: "KubeletConfiguration",
  address: layout.NODE_ADDRESS,
  healthzPort: ports.kubeletHealth,
  authentication: { anonymous: { enabled: false }, x509: { clientCAFile: certificateFile("ca") } },
  authorization: { mode: "Webhook" },
  tlsCertFile: certificateFile("kubelet-server"),
  tlsPrivateKeyFile: keyFile("kubelet-server"),
  containerRuntimeEndpoint: `unix://${layout.containerdSocket}`,
  cgroupDriver: "cgroupfs",
  clusterDNS: [layout.DNS_SERVICE_ADDRESS],
  clusterDomain: layout.CLUSTER_DOMAIN,
  podLogsDir: folders.podLogs,
  volumePluginDir: join(folders.kubelet, "volume-plugins"),
  // Whatever the machine is like, it is good enough for tests.
  failCgroupV1: false,
  failSwapOn: false,
  localStorageCapacityIsolation: false,
  evictionHard: {
    "memory.available": "50Mi",
    "nodefs.available": "1%",
    "imagefs.available": "1%",
    "nodefs.inodesFree": "1%",
  },
  // Its other meaning: settings that this root may not change are let be, and not fatal.
  featureGates: { KubeletInUserNamespace: true },
};

/** https://kubernetes.io/docs/reference/config-api/kube-proxy-config.v1alpha1/ */
const kubeProxy = {
  apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
  kind: "KubeProxyConfiguration",
  mode: "iptables",
  clientConnection: { kubeconfig: kubeconfigFile("kube-proxy") },
  hostnameOverride: layout.NODE_NAME,
  clusterCIDR: layout.POD_RANGE,
  healthzBindAddress: `127.0.0.1:${ports.kubeProxyHealth}`,
  metricsBindAddress: `127.0.0.1:${ports.kubeProxyMetrics}`,
  // The table of connections is the machine's, and stays as large as it is.
  conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: "0s", tcpCloseWaitTimeout: "0s" },
  iptables: { minSyncPeriod: "0s", syncPeriod: "30s" },
};

const corefile = `.:53 {
  bind ${layout.NODE_ADDRESS}
  ready 127.0.0.1:${ports.dnsReady}
  errors
  cache 5
  kubernetes ${layout.CLUSTER_DOMAIN} in-addr.arpa {
    kubeconfig ${kubeconfigFile("coredns")}
  }
  forward . /etc/resolv.conf
}
`;

const dnsPorts = [
  { name: "dns", protocol: "UDP", port: 53 },
  { name: "dns-tcp", protocol: "TCP", port: 53 },
];

/** A Service whose one endpoint is CoreDNS, which runs beside the node and not in a pod. */
const dnsService = [
  {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "kube-dns", namespace: "kube-system" },
    spec: { clusterIP: layout.DNS_SERVICE_ADDRESS, ports: dnsPorts },
  },
  {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { name: "kube-dns", namespace: "kube-system", labels: { "kubernetes.io/service-name": "kube-dns" } },
    addressType: "IPv4",
    endpoints: [{ addresses: [layout.NODE_ADDRESS] }],
    ports: dnsPorts,
  },
];
