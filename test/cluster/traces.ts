import { globSync, readFileSync, readlinkSync, rmdirSync, rmSync } from "node:fs";
import { folders } from "./layout.ts";

/** Innermost first. Another containerd or kubelet on this machine keeps its own things in some of them. */
const sharedFolders = [
  ...["/run/containerd/runc/k8s.io", "/run/containerd/runc", "/run/containerd/s", "/run/containerd"],
  ...["/var/lib/cni/results", "/var/lib/cni", "/var/lib/kubelet/device-plugins", "/var/lib/kubelet"],
  "/var/log/containers",
];

/** Removes what containerd, its network plugins and the kubelet keep where no setting moves it. */
export function removeTraces(): void {
  const logLinks = globSync("/var/log/containers/*.log").filter((link) => isOfCluster(readlinkSync(link)));
  const networks = globSync("/var/lib/cni/results/*").filter((file) => isOfCluster(readFileSync(file, "utf8")));
  for (const file of [...logLinks, ...networks]) rmSync(file);
  rmSync("/var/lib/kubelet/device-plugins/kubelet.sock", { force: true });
  for (const folder of sharedFolders) removeIfEmpty(folder);
}

function isOfCluster(text: string): boolean {
  return text.includes(`${folders.run}/`);
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    if (!isOneOf(["ENOENT", "ENOTEMPTY"], error)) throw error;
  }
}

function isOneOf(codes: readonly string[], error: unknown): boolean {
  return error instanceof Error && "code" in error && codes.some((code) => code === error.code);
}
