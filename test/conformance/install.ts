/** `npm run conformance:install`: sets up the SDK clients of every language, once; later runs find them in the cache. */
import { spawn } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { findTool } from "../../tools/find-tool.ts";
import { installationFolder, installationMarker, isInstalled } from "./installation.ts";
import { type Command, type LanguageName, languages } from "./languages.ts";

const names: readonly LanguageName[] = ["javascript", "python", "go", "java"];

const missing = names.filter((name) => !isInstalled(name));
const unmet = missing.flatMap((name) => missingTools(name));

if (unmet.length > 0) {
  process.stderr.write(`${unmet.join("\n")}\n`);
  process.exitCode = 1;
} else {
  await installAll(missing);
}

function missingTools(name: LanguageName): readonly string[] {
  return Object.entries(languages[name].tools)
    .filter(([tool]) => findTool(tool) === undefined)
    .map(([tool, remedy]) => `${name}: there is no ${tool} on this machine: ${remedy}`);
}

/** Side by side: most of each is waiting for a download. */
async function installAll(languagesToInstall: readonly LanguageName[]): Promise<void> {
  for (const name of names.filter((each) => !languagesToInstall.includes(each))) say(name, "ready");
  const results = await Promise.allSettled(languagesToInstall.map(install));
  const failures = results.flatMap((result) => (result.status === "rejected" ? [String(result.reason)] : []));
  if (failures.length === 0) return;
  process.stderr.write(`${failures.join("\n")}\n`);
  process.exitCode = 1;
}

async function install(name: LanguageName): Promise<void> {
  const folder = installationFolder(name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  if (name === "python") await ensureVenvModule();
  for (const command of languages[name].install(folder)) await step(name, command);
  await writeFile(installationMarker(folder), "");
}

/** Debian ships Python without the part of `venv` that brings pip. */
async function ensureVenvModule(): Promise<void> {
  const hasVenv = await run(["python3", "-c", "import venv, ensurepip"]).then(
    () => true,
    () => false,
  );
  if (hasVenv) return;
  if (process.getuid?.() !== 0 || findTool("apt-get") === undefined) {
    throw new Error("python: this Python has no venv module: install the package python3-venv");
  }
  await step("python", ["apt-get", "update", "--quiet"]);
  await step("python", ["apt-get", "install", "--yes", "--quiet", "python3-venv"]);
}

async function step(name: LanguageName, command: Command): Promise<void> {
  const start = performance.now();
  await run(command);
  say(name, `${described(command)} ${((performance.now() - start) / 1000).toFixed(1)} s`);
}

/** What was done, without paths and options. */
function described([program, ...args]: Command): string {
  return [basename(program), ...args.filter((arg) => /^[a-z]/.test(arg))].join(" ");
}

function say(name: LanguageName, what: string): void {
  process.stdout.write(`${name.padEnd(12)}${what}\n`);
}

/** Resolves when the command succeeded; otherwise rejects with all that it printed. */
function run([program, ...args]: Command): Promise<void> {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  const printed: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => printed.push(chunk));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) return resolve();
      reject(new Error(`${[program, ...args].join(" ")}: exit code ${code}\n${Buffer.concat(printed).toString()}`));
    });
  });
}
