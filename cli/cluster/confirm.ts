import { createInterface } from "node:readline/promises";
import { printable } from "./printable.ts";

/** Asks on standard error, so that standard output holds the answer of the command alone. */
export async function confirmAtTerminal(question: string): Promise<boolean | undefined> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const closed = new Promise<string>((resolve) => terminal.once("close", () => resolve("")));
  try {
    return isYes(await Promise.race([terminal.question(`${printable(question)} [y/N] `), closed]));
  } finally {
    terminal.close();
  }
}

export const isYes = (reply: string): boolean => /^\s*y(?:es)?\s*$/i.test(reply);
