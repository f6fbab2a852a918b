import { join } from "node:path";
import type { Component } from "./component.ts";
import { ctr } from "./ctr.ts";
import { kubeconfigFile } from "./kubeconfigs.ts";
import { folders, NODE_ADDRESS, NODE_NAME, ports } from "./layout.ts";
import { nodeFiles } from "./node-files.ts";

export const containerd: Component = {
  name: "containerd",
  command: ["containerd", `--config=${nodeFiles.containerd}`, "--log-level=warn"],
  isReady: async () => {
    await ctr("version");
    return true;
  },
};

export function kubelet(programs: string): Component {
  return {
    name: "kubelet",
    command: [
      ...([join(programs, "kubelet"), `--config=${nodeFiles.kubelet}`, `--root-dir=${folders.kubelet}`] as const),
      ...[`--cert-dir=${folders.certificates}`, `--kubeconfig=${kubeconfigFile("kubelet")}`],
      ...[`--hostname-override=${NODE_NAME}`, `--node-ip=${NODE_ADDRESS}`],
    ],
    isReady: () => answers(ports.kubeletHealth, "/healthz"),
  };
}

export function kubeProxy(programs: string): Component {
  return {
    name: "kube-proxy",
    command: [join(programs, "kube-proxy"), `--config=${nodeFiles.kubeProxy}`],
    isReady: () => answers(ports.kubeProxyHealth, "/livez"),
  };
}

export function coreDns(programs: string): Component {
  return {
    name: "coredns",
    command: [join(programs, "coredns"), nodeFiles.corefile],
    isReady: () => answers(ports.dnsReady, "/ready"),
  };
}

async function answers(port: number, path: string): Promise<boolean> {
  return (await fetch(`http://127.0.0.1:${port}${path}`)).ok;
}
