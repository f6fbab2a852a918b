import { setTimeout as sleep } from "node:timers/promises";
import { step } from "../../tools/step.ts";
import type { BenchIssuer } from "./bench-issuer.ts";
import type { Cores } from "./cores.ts";
import { disturbanceNote } from "./disturbance-note.ts";
import { median } from "./median.ts";
import { privateMegabytes, residentMegabytes } from "./process-figures.ts";
import { type Row, row, type Section } from "./report.ts";
import type { Extent } from "./settings.ts";
import { sidecarTargets as targets } from "./targets.ts";
import { REFRESH_PATH, sendRequests, TOKEN_HEADER, TOKEN_PATH } from "./token-requests.ts";
import { startTokenServer, type TokenServer } from "./token-server.ts";
import { type LoadFigures, medians, putUnderLoad } from "./wrk.ts";

/** The two binaries that are compared. */
export interface Programs {
  readonly ours: string;
  readonly floor: string;
}

export interface Bench {
  readonly issuer: BenchIssuer;
  readonly cores: Cores;
  readonly extent: Extent;
}

/** One figure of each program. */
type Pair<Figure> = Readonly<Record<keyof Programs, Figure>>;

const CONNECTIONS = [1, 8, 64] as const;

export async function benchSidecar(programs: Programs, bench: Bench): Promise<Section> {
  const { extent } = bench;
  const starts = await step(`Starting each program ${extent.coldStarts} times until its first token`, () =>
    each(programs, (program) => coldStart(program, bench)),
  );
  const memory = await step(
    `Reading memory: idle, after ${extent.requests} requests, after ${extent.refreshes} refreshes`,
    () => each(programs, (program) => memoryOf(program, bench)),
  );
  const load = await step(`Putting each program under load with ${CONNECTIONS.join(", ")} connections`, () =>
    loadOf(programs, bench),
  );
  const compare = (name: string, figure: (memory: MemoryFigures) => number, target?: Row["target"]): Row =>
    row(name, "MB", { ours: figure(memory.ours), floor: figure(memory.floor), target });
  return {
    heading: "Sidecar: the token endpoint in the pod",
    floor: "Go net/http",
    rows: [
      compare("private memory, idle", ({ idle }) => idle, targets.idle),
      compare(`… after ${extent.requests} requests`, ({ afterRequests }) => afterRequests, targets.afterWork),
      compare(`… after ${extent.refreshes} refreshes`, ({ afterRefreshes }) => afterRefreshes, targets.afterWork),
      compare("resident then, with shared pages", ({ resident }) => resident),
      row("exec to first token, median", "ms", { ...starts, target: targets.firstToken }),
      ...load.flatMap(({ connections, figures }) => loadRows(connections, figures)),
    ],
    notes: [
      "Private memory: the pages that a pod adds on a node where another pod runs the same program.",
      "Per core: requests per second of processor time; the other rate is by the clock, with all that ran beside it.",
      disturbanceNote(load.flatMap(({ figures }) => [figures.ours, figures.floor])),
    ],
  };
}

async function each<Figure>(programs: Programs, measure: (program: string) => Promise<Figure>): Promise<Pair<Figure>> {
  return { ours: await measure(programs.ours), floor: await measure(programs.floor) };
}

/** Milliseconds. */
async function coldStart(program: string, { issuer, cores, extent }: Bench): Promise<number> {
  const times: number[] = [];
  for (let start = 0; start < extent.coldStarts; start++) {
    const server = await startTokenServer(program, issuer, cores.measured);
    await sendRequests(server.port, TOKEN_PATH, { requests: 1, connections: 1 });
    times.push(performance.now() - server.startedAt);
    await server.stop();
  }
  return median(times);
}

interface MemoryFigures {
  readonly idle: number;
  readonly afterRequests: number;
  readonly afterRefreshes: number;
  readonly resident: number;
}

/** Until what was freed has gone back to the system. */
const SETTLE_MILLISECONDS = 3000;

/** Another copy beside has done the same work, as on a node with several pods, so that what both share is not counted. */
async function memoryOf(program: string, { issuer, cores, extent }: Bench): Promise<MemoryFigures> {
  const neighbour = await startTokenServer(program, issuer, cores.others);
  await work(neighbour, extent.requests);
  await refresh(neighbour, extent.refreshes);
  const server = await startTokenServer(program, issuer, cores.measured);
  const settled = async (): Promise<number> => {
    await sleep(SETTLE_MILLISECONDS);
    return privateMegabytes(server.pid);
  };
  const idle = await settled();
  await work(server, extent.requests);
  const afterRequests = await settled();
  await refresh(server, extent.refreshes);
  const afterRefreshes = await settled();
  const resident = residentMegabytes(server.pid);
  await Promise.all([server.stop(), neighbour.stop()]);
  return { idle, afterRequests, afterRefreshes, resident };
}

function work({ port }: TokenServer, requests: number): Promise<void> {
  return sendRequests(port, TOKEN_PATH, { requests, connections: 64 });
}

/** One after the other: requests for the same new token at the same time share one. */
function refresh({ port }: TokenServer, requests: number): Promise<void> {
  return sendRequests(port, REFRESH_PATH, { requests, connections: 1 });
}

interface LoadOf {
  readonly connections: number;
  readonly figures: Pair<LoadFigures>;
}

/** The programs take turns, so that what else the machine does meets both. */
async function loadOf(programs: Programs, bench: Bench): Promise<LoadOf[]> {
  const { issuer, cores } = bench;
  const servers = await each(programs, (program) => startTokenServer(program, issuer, cores.measured));
  const results: LoadOf[] = [];
  for (const connections of CONNECTIONS) {
    const rounds: Pair<LoadFigures[]> = { ours: [], floor: [] };
    for (let round = 0; round < bench.extent.rounds; round++) {
      rounds.ours.push(await loadOnce(servers.ours, connections, bench));
      rounds.floor.push(await loadOnce(servers.floor, connections, bench));
    }
    results.push({ connections, figures: { ours: medians(rounds.ours), floor: medians(rounds.floor) } });
  }
  await Promise.all([servers.ours.stop(), servers.floor.stop()]);
  return results;
}

function loadOnce({ pid, port }: TokenServer, connections: number, { cores, extent }: Bench): Promise<LoadFigures> {
  const url = `http://127.0.0.1:${port}${TOKEN_PATH}`;
  return putUnderLoad({
    ...{ url, connections, pid, header: TOKEN_HEADER },
    ...{ seconds: extent.secondsPerRound, core: cores.others, servingCore: cores.measured },
  });
}

function loadRows(connections: number, { ours, floor }: Pair<LoadFigures>): Row[] {
  const pair = (figure: keyof LoadFigures) => ({ ours: ours[figure], floor: floor[figure] });
  const [rate, p99] = connections === 64 ? [targets.requestsPerCore, targets.p99At64] : [];
  return [
    row(`requests, ${connections} connections`, "/s", pair("perSecond")),
    row("… per core", "/s", { ...pair("perCpuSecond"), target: rate }),
    row("… p50", "ms", pair("p50Milliseconds")),
    row("… p99", "ms", { ...pair("p99Milliseconds"), target: p99 }),
  ];
}
