import { existsSync, readFileSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "../../tools/run-command.ts";
import { hasClusterRules, tables, withoutClusterRules } from "./iptables.ts";
import { folders } from "./layout.ts";

/** What kubelet, kube-proxy and the bridge plugin set. https://docs.kernel.org/admin-guide/sysctl/ */
const settings = [
  ...["net/ipv4/ip_forward", "net/ipv4/conf/all/route_localnet", "net/bridge/bridge-nf-call-iptables"],
  ...["vm/overcommit_memory", "vm/panic_on_oom", "kernel/panic", "kernel/panic_on_oops"],
  ...["kernel/keys/root_maxkeys", "kernel/keys/root_maxbytes"],
];
/** The programs for rules, and what nft calls the family of each. */
const families = ["iptables", "ip6tables"] as const;
const nftFamily = { iptables: "ip", ip6tables: "ip6" } as const;

const rulesFile = (family: string): string => join(folders.before, family);
const settingsFile = join(folders.before, "settings.json");
const settingFile = (setting: string): string => join("/proc/sys", setting);

/** Notes the kernel's rules and settings as they are without a cluster. Rejects where they already serve another one. */
export async function recordHostState(): Promise<void> {
  const rules = await Promise.all(families.map((family) => runCommand([`${family}-save`])));
  if (rules.some(hasClusterRules)) {
    throw new Error(
      "Another Kubernetes node left its iptables rules on this machine, and this one's would mix with them. " +
        "Use that cluster (KUBECONFIG and LANYARD_TEST_CONTEXT), or remove its rules: kube-proxy --cleanup.",
    );
  }
  await mkdir(folders.before, { recursive: true });
  for (const [index, family] of families.entries()) await writeFile(rulesFile(family), rules[index] ?? "");
  const present = settings.filter((setting) => existsSync(settingFile(setting)));
  const values = present.map((setting) => [setting, readFileSync(settingFile(setting), "utf8").trim()]);
  await writeFile(settingsFile, JSON.stringify(Object.fromEntries(values)));
}

/** Takes the node's rules out, whatever others came since, and sets the settings back. */
export async function restoreHostState(): Promise<void> {
  for (const family of families) await restoreRules(family);
  const values = JSON.parse(await readFile(settingsFile, "utf8")) as Readonly<Record<string, string>>;
  for (const [setting, value] of Object.entries(values)) await setBack(settingFile(setting), value);
}

async function restoreRules(family: (typeof families)[number]): Promise<void> {
  const rules = await runCommand([`${family}-save`]);
  if (!hasClusterRules(rules)) return;
  const remaining = join(folders.before, `${family}-without-cluster`);
  await writeFile(remaining, withoutClusterRules(rules));
  await runCommand([`${family}-restore`, remaining]);
  const known = tables(await readFile(rulesFile(family), "utf8"));
  const made = tables(rules).filter((table) => !known.includes(table));
  if (await isOverNftables(family)) {
    for (const table of made) await runCommand(["nft", "delete", "table", nftFamily[family], table]);
  }
}

/** Otherwise tables are the kernel's own, and an empty one is as good as none. */
async function isOverNftables(family: (typeof families)[number]): Promise<boolean> {
  return (await runCommand([family, "--version"])).includes("nf_tables");
}

async function setBack(file: string, value: string): Promise<void> {
  if ((await readFile(file, "utf8")).trim() !== value) await writeFile(file, value);
}
