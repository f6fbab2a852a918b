import { findTool } from "../../tools/find-tool.ts";
import { runCommand } from "../../tools/run-command.ts";

/** What the measurements need that npm does not bring → what to do when it is missing. */
const tools = {
  taskset: "install util-linux",
  openssl: "install openssl",
  go: "install Go 1.24 or newer: https://go.dev/doc/install",
  wrk: "install wrk: https://github.com/wg/wrk",
} as const;

/** Rejects with one line for each tool that is missing; on Debian, root gets wrk without asking. */
export async function requireTools(say: (what: string) => void): Promise<void> {
  if (process.platform !== "linux")
    throw new Error("The measurements read /proc and pin processes: run them on Linux.");
  if (findTool("wrk") === undefined && mayInstallPackages()) {
    say("wrk is missing: installing the package wrk with apt-get");
    await runCommand(["apt-get", "update", "--quiet"]);
    await runCommand(["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", "wrk"]);
  }
  const missing = Object.entries(tools).filter(([tool]) => findTool(tool) === undefined);
  if (missing.length === 0) return;
  throw new Error(missing.map(([tool, remedy]) => `There is no ${tool} on this machine: ${remedy}.`).join("\n"));
}

function mayInstallPackages(): boolean {
  return process.getuid?.() === 0 && findTool("apt-get") !== undefined;
}
