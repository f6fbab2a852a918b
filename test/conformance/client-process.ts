import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { installationFolder, isInstalled } from "./installation.ts";
import { type LanguageName, languages } from "./languages.ts";
import type { Outcome, TokenRequest } from "./token-request.ts";

/** A client program that runs as one pod: asks with as many credentials as the test wants, one request after the other. */
export interface ClientProcess {
  readonly ask: (request: TokenRequest) => Promise<Outcome>;
  /** Resolves once the program has ended. */
  readonly close: () => Promise<void>;
}

/**
 * A pod has no home and no command-line tools of a cloud: without these, a chain of credentials that falls through
 * would try the developer's own login.
 */
const nothingElse = { HOME: "/nonexistent", PATH: "/nonexistent" };

export function startClient(language: LanguageName, environment: Readonly<Record<string, string>>): ClientProcess {
  if (!environment.IDENTITY_ENDPOINT)
    throw new Error("Without an endpoint an SDK would look for a cloud's: give it one.");
  if (!isInstalled(language)) throw new Error(`The ${language} client is not installed: npm run conformance:install`);
  const [program, ...args] = languages[language].start(installationFolder(language));
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
