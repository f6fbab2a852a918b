import { join } from "node:path";
import type { MemorySample } from "./bench-issuer.ts";
import type { Algorithm } from "./issuer-world.ts";
import { rawSigningRates } from "./openssl-speed.ts";
import { type Row, row, type Section } from "./report.ts";
import { type Bench, medians } from "./sidecar-bench.ts";
import { step } from "./step.ts";
import { issuerTargets as targets } from "./targets.ts";
import { type LoadFigures, putUnderLoad } from "./wrk.ts";

const CONNECTIONS = 64;

export async function benchIssuer(bench: Bench): Promise<Section> {
  const { cores, extent } = bench;
  const raw = await step("Signing with OpenSSL alone", () => rawSigningRates(cores.measured, extent.opensslSeconds));
  const rates = await step(`Exchanging tokens over ${CONNECTIONS} TLS connections`, async () => ({
    RS256: await exchangeRounds("RS256", bench),
    ES256: await exchangeRounds("ES256", bench),
  }));
  const memory = await step(`Reading memory over ${extent.memoryTokens} tokens`, () => memoryOver(bench));
  return {
    heading: "Issuer: verify, decide, sign, over TLS",
    floor: "openssl speed",
    rows: [
      ...rateRows("RS256", rates.RS256, raw.RS256),
      ...rateRows("ES256", rates.ES256, raw.ES256),
      ...memoryRows(memory),
    ],
    notes: [
      "Per core: tokens per second of processor time; the other rate is by the clock, with all that ran beside it.",
      "Out of reach: on this core OpenSSL alone, with nothing around it, would not meet the target.",
      "Rate limits are lifted, since a few hundred pods ask for what many thousands would.",
    ],
  };
}

async function exchangeRounds(algorithm: Algorithm, bench: Bench): Promise<LoadFigures> {
  const rounds: LoadFigures[] = [];
  for (let round = 0; round < bench.extent.rounds; round++) rounds.push(await exchange(algorithm, bench));
  return medians(rounds);
}

function exchange(algorithm: Algorithm, { issuer, cores, extent }: Bench): Promise<LoadFigures> {
  return putUnderLoad({
    url: `${issuer.url}/oauth2/token`,
    connections: CONNECTIONS,
    seconds: extent.secondsPerRound,
    core: cores.others,
    pid: issuer.pid,
    forms: join(issuer.folder, `${algorithm}.forms`),
  });
}

/** Samples from before the first token to the last, each after a garbage collection. */
async function memoryOver(bench: Bench): Promise<readonly MemorySample[]> {
  const samples: MemorySample[] = [];
  bench.issuer.sampleMemory(bench.extent.sampleEveryTokens, (sample) => samples.push(sample));
  while ((samples.at(-1)?.issued ?? 0) < bench.extent.memoryTokens) await exchange("ES256", bench);
  return samples;
}

function rateRows(algorithm: Algorithm, figures: LoadFigures, raw: number): Row[] {
  const { rate, shareOfOpenssl, p99 } = targets[algorithm];
  const share = (figures.perCpuSecond / raw) * 100;
  return [
    row(`${algorithm} tokens`, "/s", { ours: figures.perSecond }),
    row("… per core", "/s", { ours: figures.perCpuSecond, floor: raw, target: rate, best: raw }),
    row("… of what OpenSSL signs", "%", { ours: share, target: shareOfOpenssl }),
    row("… p50", "ms", { ours: figures.p50Milliseconds }),
    // With all connections waiting for one core, a request takes the time of as many signatures.
    row("… p99", "ms", { ours: figures.p99Milliseconds, target: p99, best: (CONNECTIONS / raw) * 1000 }),
  ];
}

function memoryRows(samples: readonly MemorySample[]): Row[] {
  return samples.flatMap(({ issued, heapBytes, rssBytes }, index) => {
    const after = `after ${issued.toLocaleString("en-US")} tokens`;
    if (index !== 0 && index !== 1 && index !== samples.length - 1) return [];
    return [
      row(`heap in use, ${after}`, "MB", { ours: heapBytes / 2 ** 20 }),
      row("… resident", "MB", { ours: rssBytes / 2 ** 20 }),
    ];
  });
}
