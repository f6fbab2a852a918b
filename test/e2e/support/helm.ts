import { join } from "node:path";
import { runCommand } from "../../../tools/run-command.ts";
import type { TestCluster } from "../../cluster/test-cluster.ts";

export const RELEASE = "lanyard";
export const SYSTEM = "lanyard-system";
export const PROCESSES = ["lanyard-operator", "lanyard-webhook", "lanyard-issuer"] as const;

/** The images that the setup gave to the nodes. */
const LOCAL = "--set=image.registry=localhost/lanyard";

const root = join(import.meta.dirname, "../../..");

/** A Helm of the machine, told which cluster to speak to. */
export interface Helm {
  readonly program: string;
  readonly cluster: TestCluster;
}

function helm({ program, cluster }: Helm, ...args: readonly string[]): Promise<string> {
  const { kubeconfig, context } = cluster;
  return runCommand([program, `--kubeconfig=${kubeconfig}`, `--kube-context=${context}`, ...args], { cwd: root });
}

/** The one command of the README. Resolves with what it printed. */
export function install(tool: Helm): Promise<string> {
  return helm(tool, "install", RELEASE, "charts/lanyard", "-n", SYSTEM, "--create-namespace", "--wait", LOCAL);
}

/** Changes values of the release, and leaves the others as they are. */
export function upgrade(tool: Helm, ...values: readonly string[]): Promise<string> {
  const settings = values.map((value) => `--set=${value}`);
  return helm(tool, "upgrade", RELEASE, "charts/lanyard", "-n", SYSTEM, "--reuse-values", "--wait", ...settings);
}

export function uninstall(tool: Helm): Promise<string> {
  return helm(tool, "uninstall", RELEASE, "-n", SYSTEM, "--wait");
}

export function testRelease(tool: Helm): Promise<string> {
  return helm(tool, "test", RELEASE, "-n", SYSTEM);
}

export async function isInstalled(tool: Helm): Promise<boolean> {
  return (await helm(tool, "list", "-n", SYSTEM, "--short")).split("\n").includes(RELEASE);
}
