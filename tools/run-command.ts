import { execFile } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** What a command printed; rejects, with what it complained of, when it fails. */
export async function runCommand(
  [program, ...args]: readonly [string, ...string[]],
  options: RunOptions = {},
): Promise<string> {
  const { stdout } = await execute(program, args, { ...options, maxBuffer: 16 * 1024 * 1024 });
  return stdout;
}
