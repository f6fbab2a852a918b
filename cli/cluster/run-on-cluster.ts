import type { Invocation } from "../invocation.ts";
import { UsageError } from "../usage-error.ts";
import { type Answer, type ExitCode, formatAnswer, formatFailure } from "./answer.ts";
import { confirmAtTerminal } from "./confirm.ts";
import { explainClusterError } from "./explain-error.ts";
import { interruption } from "./interruption.ts";
import type { ConnectionOptions, OutputFormat, OutputOptions } from "./options.ts";
import { printable } from "./printable.ts";
import { type OpenSession, openSession, type Person, type Session } from "./session.ts";

const WRONG_USE = 2;

/** A command that asks something, and may do something about it. */
type Ask = (session: Session) => Promise<Answer>;

/** Lets a command ask the cluster that the options choose. What is wrong in the command itself needs no cluster to be said. */
export function runOnCluster(
  options: ConnectionOptions & OutputOptions,
  invocation: Invocation,
  ask: Ask,
  checkUse: () => void = () => {},
): Promise<void> {
  const { version } = invocation;
  const open = async (person: Person): Promise<OpenSession> => {
    checkUse();
    return openSession({ ...options, version }, person);
  };
  return runInSession(open, options.output, invocation, ask);
}

/**
 * Opens a session, lets a command ask in it, writes the answer down and passes its exit code on. The answer alone is on
 * standard output; what the cluster refuses is explained on standard error.
 */
export async function runInSession(
  open: (person: Person) => Promise<OpenSession>,
  output: OutputFormat,
  { name, finish }: Invocation,
  ask: Ask,
): Promise<void> {
  const say = (line: string): void => void process.stderr.write(`${printable(line)}\n`);
  const { signal, forget } = interruption();
  const run = async (): Promise<ExitCode> => {
    const session = await open({
      program: name,
      columns: columnsOf(process.stdout),
      say,
      confirm: confirmAtTerminal,
      signal,
    });
    try {
      const answer = await ask(session);
      for (const note of answer.incomplete ?? []) say(note);
      process.stdout.write(formatAnswer(answer, output));
      for (const note of answer.notes ?? []) say(note);
      return answer.code;
    } finally {
      await session.close();
    }
  };
  try {
    finish(await run());
  } catch (error) {
    const explanation = explain(error);
    process.stdout.write(formatFailure(explanation, output));
    say(`lanyard: ${explanation}`);
    finish(WRONG_USE);
  } finally {
    forget();
  }
}

const columnsOf = ({ isTTY, columns }: NodeJS.WriteStream): number => (isTTY ? columns : Number.POSITIVE_INFINITY);

function explain(error: unknown): string {
  const explanation = error instanceof UsageError ? error.message : explainClusterError(error);
  if (explanation === undefined) throw error;
  return explanation;
}
