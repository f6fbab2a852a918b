/** `make hostile`: plays every attack against every process, and prints what a bystander felt of it. */
import { type ChildProcess, fork } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { customResources } from "../../identity/custom-resources.ts";
import { step } from "../../tools/step.ts";
import { atExit, exitOnSignals } from "../bench/at-exit.ts";
import { buildPrograms, findPrograms } from "../cluster/build.ts";
import { PrivateApiServer } from "../cluster/private-api-server.ts";
import { kubectl } from "../cluster/test-cluster.ts";
import type { Arena, Attack } from "./attack.ts";
import type { Order, Replies } from "./attacker.ts";
import { attacks } from "./attacks/attacks.ts";
import { type Experience, keepAsking, type Question } from "./bystander.ts";
import { peakBytes, resetPeak } from "./memory-cgroup.ts";
import { type Plane, type ProcessName, processNames, startPlane } from "./plane.ts";
import { bystanderQuestions } from "./questions.ts";
import { broken, brokenForGood, formatTable, type Memory, type Outcome } from "./verdict.ts";
import { crdName, fillCluster } from "./world.ts";

const usage = `Plays hostile input against every process, each under its memory limit of the chart.

  --only <text>     only the attacks whose row, process or title contains the text
  --seconds <n>     how long each attack lasts (default: 2)
  --json <file>     also writes the counts of attacks that held and that did not
  --logs <folder>   keeps the logs of the processes
`;
/** This machine does other things too: a row is too slow when it is too slow this many times in a row. */
const TRIES = 3;
const CALM_SECONDS = 1;

async function run(only: string, seconds: number, logs: string): Promise<readonly Outcome[]> {
  const programs = findPrograms() ?? (await step("Building Kubernetes, once: some minutes", buildPrograms));
  const server = await step("Starting an API server", () => PrivateApiServer.start(programs));
  try {
    const crds = join(import.meta.dirname, "../../crds");
    await kubectl(server, "apply", "--server-side", `--filename=${crds}`);
    const names = customResources.map(({ plural }) => crdName(plural));
    await kubectl(server, "wait", "--for=condition=Established", "--timeout=30s", ...names);
    const world = await step("Filling the cluster", () => fillCluster(server));
    const plane = await step("Starting the processes", () => startPlane(server, world, logs));
    const { kubeconfig, context, kind } = server;
    const { ports, operationsPorts, ca, endpointHeader } = plane;
    const arena: Arena = { ports, operationsPorts, ca, endpointHeader, world, cluster: { kubeconfig, context, kind } };
    return await playAll({ arena, plane, only, seconds });
  } finally {
    await server.remove();
  }
}

interface Game {
  readonly arena: Arena;
  readonly plane: Plane;
  readonly only: string;
  readonly seconds: number;
}

async function playAll(game: Game): Promise<readonly Outcome[]> {
  const questions = await bystanderQuestions(game.arena);
  const chosen = attacks.filter(({ row, target, title }) => `${row} ${target} ${title}`.includes(game.only));
  const outcomes: Outcome[] = [];
  for (const attack of chosen) {
    await step(`${attack.row} ${attack.target}: ${attack.title}`, async () => {
      outcomes.push(await playUntilHeld(attack, questions[attack.target], game));
      await restartEnded(game.plane);
    });
  }
  return outcomes;
}

async function playUntilHeld(attack: Attack, question: Question, game: Game): Promise<Outcome> {
  for (let left = TRIES - 1; ; left--) {
    const outcome = await playOnce(attack, question, game);
    const problems = broken(outcome);
    if (problems.length === 0 || brokenForGood(outcome).length > 0 || left === 0) return outcome;
    console.log(`  ${problems.join("; ")}: playing it again`);
  }
}

/** A process that cannot start again over what an attack left behind fails the rows that follow, too. */
async function restartEnded(plane: Plane): Promise<void> {
  for (const name of processNames) {
    if (plane.processes[name].isAlive()) continue;
    await plane.restart(name).catch((error: unknown) => console.log(`  ${error}`));
  }
}

async function playOnce(attack: Attack, question: Question, { arena, plane, seconds }: Game): Promise<Outcome> {
  const before = await watch(question, sleep(CALM_SECONDS * 1000));
  for (const { pid, isAlive } of Object.values(plane.processes)) if (isAlive()) resetPeak(pid);
  const playing = sendAttacker({ attack: attacks.indexOf(attack), arena, seconds });
  const during = await watch(question, playing);
  return { attack, before, during, replies: await playing, memory: memoryOf(plane) };
}

function memoryOf({ processes }: Plane): Outcome["memory"] {
  const of = (name: ProcessName): Memory => {
    const { pid, limitBytes, isAlive } = processes[name];
    return { limitBytes, peakBytes: isAlive() ? peakBytes(pid) : undefined };
  };
  const [operator, webhook] = [of("operator"), of("webhook")];
  return { operator, webhook, issuer: of("issuer"), vault: of("vault"), sidecar: of("sidecar") };
}

async function watch(question: Question, until: Promise<unknown>): Promise<Experience> {
  const over = new AbortController();
  const asking = keepAsking(question, over.signal);
  await until;
  over.abort();
  return asking;
}

const attackers = new Set<ChildProcess>();
atExit(() => {
  for (const child of attackers) child.kill("SIGKILL");
});

/** Resolves with what the target replied. */
function sendAttacker(order: Order): Promise<Replies> {
  const child = fork(join(import.meta.dirname, "attacker.ts"), { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  attackers.add(child);
  child.send(order);
  return new Promise((resolve, reject) => {
    child.once("message", (replies: Replies) => resolve(replies));
    child.once("error", reject);
    child.once("exit", (code) => {
      attackers.delete(child);
      if (code !== 0) reject(new Error(`The attacker ended with code ${code}.`));
    });
  });
}

const { values } = parseArgs({
  options: {
    ...{ only: { type: "string", default: "" }, seconds: { type: "string", default: "2" } },
    ...{ json: { type: "string" }, logs: { type: "string" }, help: { type: "boolean", short: "h" } },
  },
});
if (values.help) process.stdout.write(usage);
else {
  exitOnSignals();
  const folder = values.logs ?? mkdtempSync(join(tmpdir(), "lanyard-hostile-"));
  mkdirSync(folder, { recursive: true });
  if (values.logs === undefined) atExit(() => rmSync(folder, { recursive: true, force: true }));
  const outcomes = await run(values.only, Number(values.seconds), folder);
  const failed = outcomes.filter((outcome) => broken(outcome).length > 0).length;
  console.log(`\n${formatTable(outcomes)}\n\n${outcomes.length - failed} attacks held, ${failed} did not`);
  if (values.json !== undefined) {
    mkdirSync(dirname(values.json), { recursive: true });
    const counts = { numPassedTests: outcomes.length - failed, numFailedTests: failed, numPendingTests: 0 };
    writeFileSync(values.json, JSON.stringify(counts));
  }
  process.exit(failed === 0 ? 0 : 1);
}
