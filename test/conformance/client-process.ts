import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { installationFolder, isInstalled } from "./installation.ts";
import { type Command, type LanguageName, languages } from "./languages.ts";
import type { Outcome, TokenRequest } from "./token-request.ts";
import type { SecretOutcome, SecretRequest } from "./vault-request.ts";

/** A client program that runs as one pod: answers one request after the other. */
export interface ClientProcess<Asked = TokenRequest, Answer = Outcome> {
  readonly ask: (request: Asked) => Promise<Answer>;
  /** Resolves once the program has ended. */
  readonly close: () => Promise<void>;
}

/**
 * A pod has no home and no command-line tools of a cloud: without these, a chain of credentials that falls through
 * would try the developer's own login.
 */
const nothingElse = { HOME: "/nonexistent", PATH: "/nonexistent" };

type Environment = Readonly<Record<string, string>>;

export function startClient(language: LanguageName, environment: Environment): ClientProcess {
  return startProgram(language, languages[language].start, environment);
}

/** The client of Key Vault in that language. */
export function startVaultClient(
  language: LanguageName,
  environment: Environment,
): ClientProcess<SecretRequest, SecretOutcome> {
  const { startVaultClient: start } = languages[language];
  if (start === undefined) throw new Error(`There is no vault client in ${language}.`);
  return startProgram(language, start, environment);
}

function startProgram<Asked, Answer>(
  language: LanguageName,
  commandIn: (folder: string) => Command,
  environment: Environment,
): ClientProcess<Asked, Answer> {
  if (!environment.IDENTITY_ENDPOINT)
    throw new Error("Without an endpoint an SDK would look for a cloud's: give it one.");
  if (!isInstalled(language)) throw new Error(`The ${language} client is not installed: npm run conformance:install`);
  const [program, ...args] = commandIn(installationFolder(language));
  const child = spawn(program, args, { env: { ...environment, ...nothingElse } });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const complaints: Buffer[] = [];
  child.stderr.on("data", (chunk: Buffer) => complaints.push(chunk));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();

  return {
    async ask(request) {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const line = await lines.next();
      if (line.done) throw new Error(`The ${language} client ended:\n${Buffer.concat(complaints).toString()}`);
      return JSON.parse(line.value);
    },
    async close() {
      child.stdin.end();
      await ended;
    },
  };
}
