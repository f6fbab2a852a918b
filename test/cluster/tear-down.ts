import { existsSync, globSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "../bench/run-command.ts";
import { removeBridge } from "./bridge.ts";
import { restoreHostState } from "./host-state.ts";
import { folders } from "./layout.ts";
import { mountsUnder } from "./mounts.ts";
import { stopComponent } from "./stop-component.ts";
import { stopPods } from "./stop-pods.ts";

/** Nobody is left alone with work: the kubelet ends before its pods, those before containerd, and etcd last. */
const beforePods = ["kubelet", "coredns", "kube-proxy"];
const afterPods = ["containerd", "kube-scheduler", "kube-controller-manager", "kube-apiserver", "etcd"];

/** Ends what runs and removes what was made, but for the logs. Does as much for a cluster that came up by half. */
export async function tearDown(): Promise<void> {
  const wasNode = existsSync(folders.before);
  await Promise.all(beforePods.map(stopComponent));
  if (wasNode) await stopPods();
  for (const name of afterPods) await stopComponent(name);
  if (wasNode) await removeTraces();
  await removeFiles();
}

async function removeTraces(): Promise<void> {
  for (const mountPoint of mountsUnder(folders.run, readFileSync("/proc/self/mountinfo", "utf8"))) {
    await runCommand(["umount", mountPoint]);
  }
  await removeBridge();
  await restoreHostState();
  for (const file of traces()) await rm(file);
}

/** What a kubelet and a containerd keep where no setting moves it. */
function traces(): readonly string[] {
  const logLinks = globSync("/var/log/containers/*.log").filter((link) =>
    readlinkSync(link).startsWith(folders.podLogs),
  );
  return [...logLinks, ...globSync("/var/lib/cni/results/lanyard-test-*")];
}

async function removeFiles(): Promise<void> {
  if (!existsSync(folders.run)) return;
  const entries = readdirSync(folders.run).map((entry) => join(folders.run, entry));
  for (const entry of entries.filter((path) => path !== folders.logs))
    await rm(entry, { recursive: true, force: true });
}
