import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";

const forwarded = ["SIGTERM", "SIGHUP"] as const;

/** How a shell reports a program that could not be started (POSIX, Exit Status for Commands). */
const exitCodes: Readonly<Record<string, number>> = { ENOENT: 127, EACCES: 126 };

export type ProgramEnd =
  | { readonly kind: "exited"; readonly code: number }
  | { readonly kind: "notStarted"; readonly code: number; readonly message: string };

/**
 * Runs a program with this terminal and the given environment, and ends with it. Signals reach it: Ctrl-C by the
 * terminal itself, others from here. A program that a signal ended counts as 128 + the signal's number.
 */
export async function runProgram(
  command: readonly [string, ...string[]],
  environment: Record<string, string>,
): Promise<ProgramEnd> {
  const [program, ...rest] = command;
  let child: ChildProcess | undefined;
  // Before the program starts: it may run, and somebody may end it, before this process has its next instruction.
  const stopForwarding = forwardSignals((signal) => child?.kill(signal));
  try {
    child = spawn(program, rest, { env: environment, stdio: "inherit" });
    return await endOf(child, program);
  } finally {
    stopForwarding();
  }
}

function endOf(child: ChildProcess, program: string): Promise<ProgramEnd> {
  return new Promise((resolve) => {
    child.once("error", (error: NodeJS.ErrnoException) => {
      const why = error.code === "ENOENT" ? "there is no such program on the PATH" : error.message;
      resolve({
        kind: "notStarted",
        code: exitCodes[error.code ?? ""] ?? 126,
        message: `cannot run ${program}: ${why}`,
      });
    });
    child.once("close", (code, signal) => {
      resolve({ kind: "exited", code: signal === null ? (code ?? 1) : 128 + constants.signals[signal] });
    });
  });
}

function forwardSignals(forward: (signal: NodeJS.Signals) => void): () => void {
  const leaveToTerminal = (): void => undefined;
  for (const signal of forwarded) process.on(signal, forward);
  process.on("SIGINT", leaveToTerminal);
  return () => {
    for (const signal of forwarded) process.off(signal, forward);
    process.off("SIGINT", leaveToTerminal);
  };
}
