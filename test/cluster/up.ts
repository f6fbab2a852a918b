/** `node test/cluster/up.ts [--control-plane]`: starts the test cluster, building it first where that was not done yet. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { step } from "../../tools/step.ts";
import { buildPrograms, findPrograms } from "./build.ts";
import { adminKubeconfig, folders } from "./layout.ts";
import { startControlPlane } from "./start-control-plane.ts";
import { startNode } from "./start-node.ts";
import { runningPid, startedComponents } from "./stop-component.ts";
import { tearDown } from "./tear-down.ts";

const usage = `usage: node test/cluster/up.ts [--control-plane]
  --control-plane  only etcd, the API server and the controller manager: needs no root, runs no pods
`;

type Mode = "node" | "control plane";

async function up(mode: Mode): Promise<void> {
  // What a machine that was switched off left behind, or the other mode.
  await tearDown();
  const programs = findPrograms() ?? (await step("Building Kubernetes, once (some minutes)", buildPrograms));
  await rm(folders.logs, { recursive: true, force: true });
  try {
    if (mode === "node") await startNode(programs);
    else await startControlPlane(programs);
  } catch (error) {
    await tearDown();
    throw error;
  }
  process.stdout.write(
    `The ${mode} is up. To speak to it:\n  export KUBECONFIG=${adminKubeconfig}\n  ${join(programs.folder, "kubectl")} get namespaces\n`,
  );
}

/** A node is a control plane too. */
function isUp(mode: Mode): boolean {
  const names = startedComponents();
  const isRunning = names.length > 0 && names.every((name) => runningPid(name) !== undefined);
  return isRunning && (mode === "control plane" || names.includes("kubelet"));
}

try {
  const { values } = parseArgs({ options: { "control-plane": { type: "boolean" }, help: { type: "boolean" } } });
  const mode = values["control-plane"] ? "control plane" : "node";
  if (values.help) process.stdout.write(usage);
  else if (isUp(mode)) process.stdout.write(`It is up already: ${adminKubeconfig}\n`);
  else await up(mode);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
