import { findTool } from "../../tools/find-tool.ts";
import { runCommand } from "../../tools/run-command.ts";
import type { Surroundings } from "./choose-cluster.ts";

/** Looks around on this machine. */
export async function lookAround({ KUBECONFIG, LANYARD_TEST_CONTEXT, CI }: NodeJS.ProcessEnv): Promise<Surroundings> {
  return {
    kubeconfig: KUBECONFIG,
    context: LANYARD_TEST_CONTEXT,
    hasKind: findTool("kind") !== undefined && (await answers(["docker", "info"])),
    mayBeNode: process.platform === "linux" && process.getuid?.() === 0 && findTool("apt-get") !== undefined,
    hasGo: findTool("go") !== undefined,
    isContinuousIntegration: CI !== undefined,
  };
}

function answers(command: readonly [string, ...string[]]): Promise<boolean> {
  return runCommand(command).then(
    () => true,
    () => false,
  );
}
