import { CommanderError } from "commander";
import { invokedName } from "./invocation.ts";
import { createProgram } from "./program.ts";

const FOUND_A_PROBLEM = 1;
const WRONG_USE = 2;

/** Runs the command that the arguments of this process name. */
export async function run(version: string): Promise<void> {
  // A reader that has seen enough (`lanyard dev | head`) is no error.
  process.stdout.on("error", () => process.exit());
  process.on("uncaughtException", (error) => {
    end(FOUND_A_PROBLEM, unexpected(error));
    process.exit();
  });
  const finish = (code: number): void => {
    process.exitCode = code;
  };
  const program = createProgram({ name: invokedName(process.argv[1]), version, finish });
  try {
    await program.parseAsync();
  } catch (error) {
    if (!(error instanceof CommanderError)) return end(FOUND_A_PROBLEM, unexpected(error));
    process.exitCode = error.exitCode === 0 ? 0 : WRONG_USE;
  }
}

function end(code: number, message: string): void {
  process.stderr.write(`${message}\n`);
  process.exitCode = code;
}

/** One line for a person; with LANYARD_DEBUG=1 where it came from, for whoever mends it. */
function unexpected(error: unknown): string {
  if (!(error instanceof Error)) return `lanyard: ${String(error)}`;
  return process.env.LANYARD_DEBUG === "1" ? `lanyard: ${error.stack}` : `lanyard: ${error.message}`;
}
