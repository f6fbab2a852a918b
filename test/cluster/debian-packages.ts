import { findTool } from "../../tools/find-tool.ts";
import { runCommand } from "../../tools/run-command.ts";
import { step } from "../../tools/step.ts";

/** A program that the node calls → the Debian package that brings it. */
const packages = {
  containerd: "containerd",
  runc: "runc",
  iptables: "iptables",
  nft: "nftables",
  conntrack: "conntrack",
  ethtool: "ethtool",
  socat: "socat",
  ip: "iproute2",
  modprobe: "kmod",
  openssl: "openssl",
} as const;

export const CNI_PLUGINS = "/usr/lib/cni";

/** Installs what the node needs with apt-get, and says so. Rejects where that cannot be done, naming what is missing. */
export async function ensurePackages(): Promise<void> {
  const missing = missingPackages();
  if (missing.length === 0) return;
  if (findTool("apt-get") === undefined) {
    throw new Error(`The node needs ${missing.join(", ")}: install them, or use kind, or only the control plane.`);
  }
  await step(`Installing Debian packages with apt-get: ${missing.join(", ")}`, async () => {
    await runCommand(["apt-get", "update", "--quiet"]);
    await runCommand(["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", ...missing], {
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    });
  });
}

function missingPackages(): readonly string[] {
  const tools = Object.entries(packages).filter(([tool]) => findTool(tool) === undefined);
  const plugins = findTool("bridge", { PATH: CNI_PLUGINS }) === undefined ? ["containernetworking-plugins"] : [];
  return [...tools.map(([, name]) => name), ...plugins];
}
