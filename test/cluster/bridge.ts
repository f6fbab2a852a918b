import { writeFile } from "node:fs/promises";
import { runCommand } from "../../tools/run-command.ts";
import { BRIDGE, NODE_ADDRESS, POD_RANGE } from "./layout.ts";

/** The network that pods hang on, with the node's own address on it. */
export async function makeBridge(): Promise<void> {
  const [, prefixLength] = POD_RANGE.split("/");
  await runCommand(["ip", "link", "add", BRIDGE, "type", "bridge"]);
  await runCommand(["ip", "address", "add", `${NODE_ADDRESS}/${prefixLength}`, "dev", BRIDGE]);
  await runCommand(["ip", "link", "set", BRIDGE, "up"]);
  await writeFile("/proc/sys/net/ipv4/ip_forward", "1");
  await filterBridgedTraffic();
}

/** Without it, the answer of a Service's pod to a pod beside it would not pass the rules that led there. */
async function filterBridgedTraffic(): Promise<void> {
  const setting = "/proc/sys/net/bridge/bridge-nf-call-iptables";
  await writeFile(setting, "1").catch(async () => {
    await runCommand(["modprobe", "br_netfilter"]);
    await writeFile(setting, "1");
  });
}

/** The pods' ends of it go with their namespaces. */
export async function removeBridge(): Promise<void> {
  const links: unknown = JSON.parse(await runCommand(["ip", "-json", "link", "show", "type", "bridge"]));
  const isThere = Array.isArray(links) && links.some(({ ifname }) => ifname === BRIDGE);
  if (isThere) await runCommand(["ip", "link", "delete", BRIDGE]);
}
