import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, onTestFinished } from "vitest";
import { goBuild } from "../../tools/go-build.ts";

const examples = join(import.meta.dirname, "..", "..", "examples", "status-list");

/** The example programs, as their users start them. */
export const programs = {
  javascript: async () => [process.execPath, join(examples, "check-tokens.mjs")],
  go: async () => [await builtOnce()],
} as const satisfies Record<string, () => Promise<string[]>>;

let built: Promise<string> | undefined;

function builtOnce(): Promise<string> {
  built ??= build();
  return built;
}

async function build(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "lanyard-status-list-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const program = join(folder, "check-tokens");
  await goBuild({ sources: examples, linkerFlags: "-s -w" }, ".", program);
  return program;
}

/** Starts a program, and gives its verdict on one token after the other. */
export function startChecking([command = "", ...args]: readonly string[], issuer: string, audience: string) {
  const child = spawn(command, [...args, issuer, audience], { stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(() => void child.kill());
  const verdicts = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return async (token: string): Promise<string> => {
    child.stdin.write(`${token}\n`);
    const { value, done } = await verdicts.next();
    if (done) throw new Error("the program ended");
    return value;
  };
}
