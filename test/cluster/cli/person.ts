import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { parse, stringify } from "yaml";

const main = join(import.meta.dirname, "../../../cli/main.ts");

export interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** A kubeconfig by which an administrator speaks as somebody else. */
export async function kubeconfigAs(user: string, kubeconfig: string, file: string): Promise<string> {
  const config: { users: { user: { as?: string } }[] } = parse(await readFile(kubeconfig, "utf8"));
  for (const each of config.users) each.user.as = user;
  await writeFile(file, stringify(config));
  return file;
}

/** Runs the program as a person would, to its end. */
export function lanyard(kubeconfig: string, ...args: readonly string[]): Promise<Ended> {
  return run([process.execPath, main, ...args], { KUBECONFIG: kubeconfig });
}

export async function run(
  [program = "", ...args]: readonly string[],
  environment: NodeJS.ProcessEnv,
  input = "",
): Promise<Ended> {
  const child = spawn(program, args, { env: { ...process.env, ...environment } });
  child.stdin.end(input);
  const [[code], output, errors] = await Promise.all([once(child, "close"), text(child.stdout), text(child.stderr)]);
  return { code: typeof code === "number" ? code : null, output, errors };
}
