import { existsSync, readdirSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "../../tools/run-command.ts";
import { removeBridge } from "./bridge.ts";
import { restoreHostState } from "./host-state.ts";
import { folders } from "./layout.ts";
import { mountsUnder } from "./mounts.ts";
import { stopComponent } from "./stop-component.ts";
import { stopPods } from "./stop-pods.ts";
import { removeTraces } from "./traces.ts";

/** Nobody is left alone with work: the kubelet ends before its pods, those before containerd, and etcd last. */
const beforePods = ["kubelet", "coredns", "kube-proxy"];
const afterPods = ["containerd", "kube-scheduler", "kube-controller-manager", "kube-apiserver", "etcd"];

/** Ends what runs and removes what was made, but for the logs. Does as much for a cluster that came up by half. */
export async function tearDown(): Promise<void> {
  const wasNode = existsSync(folders.before);
  await Promise.all(beforePods.map(stopComponent));
  if (wasNode) await stopPods();
  for (const name of afterPods) await stopComponent(name);
  if (wasNode) await giveBackMachine();
  await removeFiles();
}

async function giveBackMachine(): Promise<void> {
  for (const mountPoint of mountsUnder(folders.run, readFileSync("/proc/self/mountinfo", "utf8"))) {
    await runCommand(["umount", mountPoint]);
  }
  removeTraces();
  await removeBridge();
  await restoreHostState();
}

async function removeFiles(): Promise<void> {
  if (!existsSync(folders.run)) return;
  const entries = readdirSync(folders.run).map((entry) => join(folders.run, entry));
  for (const entry of entries.filter((path) => path !== folders.logs))
    await rm(entry, { recursive: true, force: true });
}
