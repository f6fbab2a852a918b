import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "../../tools/run-command.ts";
import { step } from "../../tools/step.ts";
import { makeBridge } from "./bridge.ts";
import type { Programs } from "./build.ts";
import { certificateFile, keyFile, makeCertificates } from "./certificates.ts";
import { startComponent } from "./component.ts";
import { apiServer, controllerManager, etcd, scheduler } from "./control-plane.ts";
import { ensurePackages } from "./debian-packages.ts";
import { recordHostState } from "./host-state.ts";
import { writeKubeconfigs } from "./kubeconfigs.ts";
import { adminKubeconfig, folders, NODE_ADDRESS, NODE_NAME } from "./layout.ts";
import { containerd, coreDns, kubelet, kubeProxy } from "./node-components.ts";
import { nodeFiles, writeNodeFiles } from "./node-files.ts";
import { importPauseImage } from "./pause-image.ts";

const users = ["admin", "kube-controller-manager", "kube-scheduler", "kubelet", "kube-proxy", "coredns"] as const;

/** How the API server reaches the kubelet: for `kubectl logs` and `kubectl exec`. */
export const toKubelet: readonly string[] = [
  `--kubelet-certificate-authority=${certificateFile("ca")}`,
  `--kubelet-client-certificate=${certificateFile("kube-apiserver-to-kubelet")}`,
  `--kubelet-client-key=${keyFile("kube-apiserver-to-kubelet")}`,
  "--kubelet-preferred-address-types=InternalIP",
];

/** A whole node on this machine, which runs pods. */
export async function startNode(programs: Programs): Promise<void> {
  requireRoot();
  await ensurePackages();
  await step("Preparing the machine", prepare);
  const plane = { programs: programs.folder, address: NODE_ADDRESS };
  await step("Starting etcd and containerd", async () => {
    await Promise.all([startComponent(etcd(plane)), startComponent(containerd)]);
    await importPauseImage(programs.pause);
  });
  await step("Starting the API server", () => startComponent(apiServer(plane, toKubelet)));
  await step("Starting the rest", async () => {
    const rest = [controllerManager(plane), scheduler(plane)];
    const ofNode = [kubelet, kubeProxy, coreDns].map((component) => component(programs.folder));
    await Promise.all([...rest, ...ofNode].map(startComponent));
    await finish(join(programs.folder, "kubectl"));
  });
}

function requireRoot(): void {
  if (process.platform === "linux" && process.getuid?.() === 0) return;
  throw new Error("A node needs Linux and root. Use kind (make kind-up), or only the control plane (--control-plane).");
}

async function prepare(): Promise<void> {
  await mkdir(folders.run, { recursive: true });
  await recordHostState();
  await makeBridge();
  await makeCertificates();
  await writeKubeconfigs(users, NODE_ADDRESS);
  await writeNodeFiles();
}

/** Names resolve, and the node takes pods. */
async function finish(kubectl: string): Promise<void> {
  const node = `node/${NODE_NAME}`;
  const speak = (...args: readonly string[]): Promise<string> =>
    runCommand([kubectl, `--kubeconfig=${adminKubeconfig}`, ...args]);
  await speak("apply", `--filename=${nodeFiles.dnsService}`);
  await speak("wait", "--for=create", node, "--timeout=30s");
  await speak("wait", "--for=condition=Ready", node, "--timeout=30s");
}
