import type { Invocation } from "../invocation.ts";
import { UsageError } from "../usage-error.ts";
import { type Answer, type ExitCode, formatAnswer } from "./answer.ts";
import { explainClusterError } from "./explain-error.ts";
import { interruption } from "./interruption.ts";
import type { ConnectionOptions, OutputOptions } from "./options.ts";
import { openSession, type Session } from "./session.ts";

const WRONG_USE = 2;

interface Outlets {
  readonly out: { write(text: string): unknown };
  readonly err: { write(text: string): unknown };
}

/**
 * Opens a session, lets a command answer in it, writes the answer down and passes its exit code on. The answer alone is
 * on standard output; what the cluster refuses is explained on standard error.
 */
export async function runOnCluster(
  options: ConnectionOptions & OutputOptions,
  { name, version, finish }: Invocation,
  command: (session: Session) => Promise<Answer>,
  { out, err }: Outlets = { out: process.stdout, err: process.stderr },
): Promise<void> {
  const say = (line: string): void => void err.write(`${line}\n`);
  const { signal, forget } = interruption();
  const run = async (): Promise<ExitCode> => {
    const session = await openSession({ ...options, version }, { program: name, say, signal });
    try {
      const answer = await command(session);
      out.write(formatAnswer(answer, options.output));
      for (const note of answer.notes ?? []) say(note);
      return answer.code;
    } finally {
      await session.close();
    }
  };
  try {
    finish(await run());
  } catch (error) {
    say(`lanyard: ${explain(error)}`);
    finish(WRONG_USE);
  } finally {
    forget();
  }
}

function explain(error: unknown): string {
  const explanation = error instanceof UsageError ? error.message : explainClusterError(error);
  if (explanation === undefined) throw error;
  return explanation;
}
