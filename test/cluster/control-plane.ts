import { join } from "node:path";
import { certificateFile, keyFile, serviceAccountPublicKeyFile } from "./certificates.ts";
import type { Component } from "./component.ts";
import { apiStatus, isHealthy } from "./https-get.ts";
import { kubeconfigFile } from "./kubeconfigs.ts";
import { CLUSTER_DOMAIN, folders, ports, SERVICE_RANGE } from "./layout.ts";

/** `programs` is the folder of the programs; `address` is where the API server listens. */
export interface ControlPlane {
  readonly programs: string;
  readonly address: string;
}

/** It would make one below /usr/libexec. */
const pluginFolder = join(folders.run, "volume-plugins");
const etcdUrl = `http://127.0.0.1:${ports.etcd}`;
const etcdPeerUrl = `http://127.0.0.1:${ports.etcdPeer}`;

export function etcd({ programs }: ControlPlane): Component {
  return {
    name: "etcd",
    command: [
      ...([join(programs, "etcd"), "--unsafe-no-fsync", `--data-dir=${folders.etcd}`, "--log-level=warn"] as const),
      ...[`--listen-client-urls=${etcdUrl}`, `--advertise-client-urls=${etcdUrl}`],
      ...[`--listen-peer-urls=${etcdPeerUrl}`, `--initial-advertise-peer-urls=${etcdPeerUrl}`],
      `--initial-cluster=default=${etcdPeerUrl}`,
    ],
    isReady: async () => (await fetch(`${etcdUrl}/readyz`)).ok,
  };
}

export function apiServer({ programs, address }: ControlPlane, more: readonly string[]): Component {
  return {
    name: "kube-apiserver",
    command: [
      ...([join(programs, "kube-apiserver"), `--etcd-servers=${etcdUrl}`, `--secure-port=${ports.api}`] as const),
      ...[`--bind-address=${address}`, `--advertise-address=${address}`, `--service-cluster-ip-range=${SERVICE_RANGE}`],
      ...[`--client-ca-file=${certificateFile("ca")}`, `--tls-cert-file=${certificateFile("kube-apiserver")}`],
      ...[`--tls-private-key-file=${keyFile("kube-apiserver")}`, "--authorization-mode=Node,RBAC"],
      ...["--enable-admission-plugins=NodeRestriction", "--allow-privileged=true"],
      `--service-account-issuer=https://kubernetes.default.svc.${CLUSTER_DOMAIN}`,
      `--service-account-key-file=${serviceAccountPublicKeyFile}`,
      `--service-account-signing-key-file=${keyFile("service-accounts")}`,
      ...more,
    ],
    isReady: async () => (await apiStatus(address, "/readyz")) === 200,
  };
}

/** Ready when it has made the ServiceAccount without which no pod can be created. */
export function controllerManager({ programs, address }: ControlPlane): Component {
  return {
    name: "kube-controller-manager",
    command: [
      ...([join(programs, "kube-controller-manager"), "--leader-elect=false", "--bind-address=127.0.0.1"] as const),
      ...[`--secure-port=${ports.controllerManager}`, ...authorizedBy("kube-controller-manager")],
      ...[`--root-ca-file=${certificateFile("ca")}`, "--use-service-account-credentials=true"],
      ...["--kube-api-qps=500", "--kube-api-burst=1000"],
      ...[`--cluster-signing-cert-file=${certificateFile("ca")}`, `--cluster-signing-key-file=${keyFile("ca")}`],
      ...[
        `--service-account-private-key-file=${keyFile("service-accounts")}`,
        `--flex-volume-plugin-dir=${pluginFolder}`,
      ],
    ],
    isReady: async () => (await apiStatus(address, "/api/v1/namespaces/default/serviceaccounts/default")) === 200,
  };
}

export function scheduler({ programs }: ControlPlane): Component {
  return {
    name: "kube-scheduler",
    command: [
      ...([join(programs, "kube-scheduler"), "--leader-elect=false", "--bind-address=127.0.0.1"] as const),
      ...[`--secure-port=${ports.scheduler}`, ...authorizedBy("kube-scheduler")],
    ],
    isReady: () => isHealthy(ports.scheduler),
  };
}

function authorizedBy(user: "kube-controller-manager" | "kube-scheduler"): readonly string[] {
  const file = kubeconfigFile(user);
  return [`--kubeconfig=${file}`, `--authentication-kubeconfig=${file}`, `--authorization-kubeconfig=${file}`];
}
