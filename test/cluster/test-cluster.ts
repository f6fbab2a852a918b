import { spawn } from "node:child_process";
import { join } from "node:path";
import { findTool } from "../../tools/find-tool.ts";
import { runCommand } from "../../tools/run-command.ts";
import { findPrograms } from "./build.ts";
import { type ClusterChoice, chooseCluster } from "./choose-cluster.ts";
import { adminKubeconfig, CONTEXT, folders } from "./layout.ts";
import { lookAround } from "./surroundings.ts";

/** The cluster that a suite runs against: all that it needs to reach it, and the only context that it may use. */
export interface TestCluster {
  readonly kind: Exclude<ClusterChoice["kind"], "none">;
  readonly kubeconfig: string;
  readonly context: string;
}

export const KIND_CLUSTER = "lanyard";
const kindKubeconfig = join(folders.root, "kind.kubeconfig");

/** Chooses a cluster and starts it unless it runs. Nothing when there is none to be had; under CI that is a failure. */
export async function openTestCluster(): Promise<TestCluster | undefined> {
  const choice = chooseCluster(await lookAround(process.env));
  switch (choice.kind) {
    case "given":
      return choice;
    case "kind":
      return startKind();
    case "none":
      if (choice.isFailure) throw new Error(choice.reason);
      process.stderr.write(`${choice.reason}\n`);
      return undefined;
    default:
      return startOnMachine(choice.kind);
  }
}

/** Makes the API server do what the arguments say, as its administrator. Resolves with what kubectl printed. */
export function kubectl(cluster: TestCluster, ...args: readonly string[]): Promise<string> {
  return runCommand([...kubectlCommand(cluster), ...args]);
}

/** kubectl, told which cluster to speak to. */
export function kubectlCommand({ kubeconfig, context }: TestCluster): readonly [string, ...string[]] {
  const program = findTool("kubectl") ?? join(findPrograms()?.folder ?? "", "kubectl");
  return [program, `--kubeconfig=${kubeconfig}`, `--context=${context}`];
}

async function startKind(): Promise<TestCluster> {
  const running = (await runCommand(["kind", "get", "clusters"])).split("\n");
  const configuration = join(import.meta.dirname, "kind.yaml");
  await runCommand(
    running.includes(KIND_CLUSTER)
      ? ["kind", "export", "kubeconfig", `--name=${KIND_CLUSTER}`, `--kubeconfig=${kindKubeconfig}`]
      : ["kind", "create", "cluster", `--config=${configuration}`, `--kubeconfig=${kindKubeconfig}`],
  );
  return { kind: "kind", kubeconfig: kindKubeconfig, context: `kind-${KIND_CLUSTER}` };
}

async function startOnMachine(kind: "node" | "control-plane"): Promise<TestCluster> {
  const up = join(import.meta.dirname, "up.ts");
  const child = spawn(process.execPath, kind === "node" ? [up] : [up, "--control-plane"], { stdio: "inherit" });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", resolve);
  });
  if (code !== 0) throw new Error("The test cluster did not start: what it said stands above.");
  return { kind, kubeconfig: adminKubeconfig, context: CONTEXT };
}
