import { existsSync, globSync, readdirSync, readFileSync, rmdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { startComponent } from "./component.ts";
import { ctr } from "./ctr.ts";
import { containerdSocket } from "./layout.ts";
import { containerd } from "./node-components.ts";
import { runningPid, startedComponents } from "./stop-component.ts";

const PATIENCE_MS = 3000;
const POLL_MS = 20;

/** Ends every container of the node while the kubelet, which would start them again, is gone. */
export async function stopPods(): Promise<void> {
  if (startedComponents().includes("containerd")) await stopTasks();
  await nothingLeftWithin(PATIENCE_MS);
  for (const pid of leftoverProcesses()) kill(pid);
  await nothingLeftWithin(PATIENCE_MS);
  for (const group of podCgroups().reverse()) rmdirSync(group);
}

/** Through containerd, so that its shims end and clean up behind themselves. If it died, it comes back for that. */
async function stopTasks(): Promise<void> {
  if (runningPid("containerd") === undefined) await startComponent(containerd);
  const ids = (await ctr("tasks", "list", "--quiet")).split("\n").filter((id) => id !== "");
  // It complains of each that containerd itself deletes at the same moment. What is not gone then is killed.
  if (ids.length > 0) await ctr("tasks", "delete", "--force", ...ids).catch(() => undefined);
}

async function nothingLeftWithin(milliseconds: number): Promise<void> {
  const deadline = performance.now() + milliseconds;
  while (leftoverProcesses().length > 0 && performance.now() < deadline) await sleep(POLL_MS);
}

/** Shims of containerd, and what runs in the pods' cgroups: any, if containerd had ended before. */
function leftoverProcesses(): readonly number[] {
  const members = podCgroups().flatMap((group) => readFileSync(`${group}/cgroup.procs`, "utf8").trim().split("\n"));
  const pids = [...members.filter((pid) => pid !== ""), ...readdirSync("/proc").filter(isShim)];
  return [...new Set(pids.map(Number))];
}

function isShim(entry: string): boolean {
  if (!/^\d+$/.test(entry)) return false;
  try {
    const [program = "", ...args] = readFileSync(`/proc/${entry}/cmdline`, "utf8").split("\0");
    return program.endsWith("containerd-shim-runc-v2") && args.includes(containerdSocket);
  } catch {
    return false;
  }
}

/** With version 1 of cgroups a tree for each controller, outermost groups first. */
function podCgroups(): string[] {
  const roots = globSync(["/sys/fs/cgroup/kubepods", "/sys/fs/cgroup/*/kubepods"]).filter((root) => existsSync(root));
  return roots.flatMap((root) => [root, ...groupsIn(root)]);
}

function groupsIn(group: string): string[] {
  const folders = readdirSync(group, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.flatMap(({ name }) => [`${group}/${name}`, ...groupsIn(`${group}/${name}`)]);
}

/** One that has ended meanwhile is as wanted. */
function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
