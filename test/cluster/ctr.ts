import { runCommand } from "../../tools/run-command.ts";
import { containerdSocket } from "./layout.ts";

/** Speaks to the node's own containerd, where the kubelet keeps its images and containers. */
export function ctr(...args: readonly string[]): Promise<string> {
  return runCommand(["ctr", "--address", containerdSocket, "--namespace", "k8s.io", ...args]);
}
