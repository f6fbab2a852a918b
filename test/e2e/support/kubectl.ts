import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { inject } from "vitest";
import { kubectlCommand, type TestCluster } from "../../cluster/test-cluster.ts";

const execute = promisify(execFile);

export interface Output {
  readonly stdout: string;
  /** Where kubectl shows the warnings of the API server and of webhooks. */
  readonly stderr: string;
}

/** The cluster of this run. */
export function theCluster(): TestCluster {
  const cluster = inject("cluster");
  if (cluster === undefined) throw new Error("There is no cluster, and this test needs one.");
  return cluster;
}

/** Runs kubectl as the administrator, and gives it the objects, if any, as its file `-`. Rejects with what it complained of. */
export async function run(
  args: readonly string[],
  objects: readonly object[] = [],
  cluster = theCluster(),
): Promise<Output> {
  const [program, ...own] = kubectlCommand(cluster);
  const running = execute(program, [...own, ...args], { maxBuffer: 64 * 1024 * 1024 });
  running.child.stdin?.end(JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }));
  return running;
}

/** What kubectl printed. */
export async function kubectl(...args: readonly string[]): Promise<string> {
  return (await run(args)).stdout;
}

export function apply(...objects: readonly object[]): Promise<Output> {
  return run(["apply", "--filename=-"], objects);
}

/** One field, by JSONPath; empty when it is not there. */
export function field(namespace: string, object: string, path: string): Promise<string> {
  return kubectl("get", object, `--namespace=${namespace}`, "--ignore-not-found", `--output=jsonpath=${path}`);
}

/** Waits for a condition such as `Ready`, or for `create` and `delete`. */
export async function waitFor(namespace: string, condition: string, ...objects: readonly string[]): Promise<void> {
  const what = condition === "create" || condition === "delete" ? condition : `condition=${condition}`;
  await kubectl("wait", `--namespace=${namespace}`, `--for=${what}`, "--timeout=80s", ...objects);
}
