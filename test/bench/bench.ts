/** `make bench`: measures access decisions, the sidecar and the issuer, each beside a floor, and prints how they stand to the targets. */
import { closeSync, existsSync, fsyncSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { step } from "../../tools/step.ts";
import { benchAccess } from "./access-bench.ts";
import { atExit, exitOnSignals } from "./at-exit.ts";
import { startBenchIssuer } from "./bench-issuer.ts";
import { makeCertificate } from "./certificate.ts";
import { chooseCores } from "./cores.ts";
import { formatSection } from "./format-report.ts";
import { goFloor } from "./go-floor.ts";
import { benchIssuer } from "./issuer-bench.ts";
import type { Section } from "./report.ts";
import { type BenchSettings, type Extent, type Part, parseBenchSettings, usage } from "./settings.ts";
import { type Bench, benchSidecar, type Programs } from "./sidecar-bench.ts";
import { requireTools } from "./tools.ts";

const SIDECAR = join(import.meta.dirname, "../../dist/lanyard-sidecar");

const measure: Record<Exclude<Part, "access">, (bench: Bench) => Promise<Section>> = {
  sidecar: async (bench) => benchSidecar(await findPrograms(), bench),
  issuer: benchIssuer,
};

async function findPrograms(): Promise<Programs> {
  if (!existsSync(SIDECAR)) throw new Error("There is no dist/lanyard-sidecar: run make build.");
  const floor = await step("Building the Go program beside it, once", goFloor);
  for (const program of [SIDECAR, floor]) writeBack(program);
  return { ours: SIDECAR, floor };
}

/** Until a new file is on the disk, each process that runs it seems to have written to the pages that it has mapped. */
function writeBack(file: string): void {
  const descriptor = openSync(file, "r");
  fsyncSync(descriptor);
  closeSync(descriptor);
}

async function run({ parts, extent, json }: BenchSettings): Promise<void> {
  const start = performance.now();
  exitOnSignals();
  const sections: Section[] = [];
  for (const part of parts) {
    sections.push(part === "access" ? benchAccess(extent) : await measureProcesses(part, extent));
  }

  const seconds = Math.round((performance.now() - start) / 1000);
  const machine = `${cpus()[0]?.model.trim()}, ${cpus().length} cores`;
  for (const section of sections) console.log(`\n${formatSection(section)}`);
  console.log(`\n${machine}; ${seconds} s in all`);
  const report = { date: new Date().toISOString(), machine, seconds, sections };
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(report, undefined, 2)}\n`);
}

/** Beside an issuer that runs as a process of its own. */
async function measureProcesses(part: Exclude<Part, "access">, extent: Extent): Promise<Section> {
  await requireTools(console.log);
  const folder = mkdtempSync(join(tmpdir(), "lanyard-bench-"));
  atExit(() => rmSync(folder, { recursive: true, force: true }));
  const cores = chooseCores();
  const core = part === "issuer" ? cores.measured : cores.others;
  const issuer = await step("Starting the issuer behind TLS, in a cluster of 300 pods", async () => {
    await makeCertificate(folder);
    return startBenchIssuer(folder, core);
  });
  const section = await measure[part]({ issuer, cores, extent });
  issuer.stop();
  return section;
}

try {
  const settings = parseBenchSettings(process.argv.slice(2));
  if (settings === "help") process.stdout.write(usage);
  else await run(settings);
  process.exit();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
