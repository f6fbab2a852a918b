import { join } from "node:path";
import { step } from "../../tools/step.ts";
import { type MemorySample, startBareIssuer, type TokenService } from "./bench-issuer.ts";
import { disturbanceNote } from "./disturbance-note.ts";
import type { Algorithm } from "./issuer-world.ts";
import { rawSigningRates } from "./openssl-speed.ts";
import { type Row, row, type Section } from "./report.ts";
import type { Bench } from "./sidecar-bench.ts";
import { issuerTargets as targets } from "./targets.ts";
import { type LoadFigures, medians, putUnderLoad } from "./wrk.ts";

const CONNECTIONS = 64;

/** What the issuer is compared with, for one algorithm. */
interface Compared {
  readonly issuer: LoadFigures;
  readonly bare: LoadFigures;
  /** Signatures per second of processor time. */
  readonly openssl: number;
}

export async function benchIssuer(bench: Bench): Promise<Section> {
  const { cores, extent, issuer } = bench;
  const openssl = await step("Signing with OpenSSL alone", () =>
    rawSigningRates(cores.measured, extent.opensslSeconds),
  );
  const bare = await startBareIssuer(issuer.folder, cores.measured);
  const [RS256, ES256] = await step(`Exchanging tokens over ${CONNECTIONS} TLS connections`, async () => [
    await exchangeRounds("RS256", bare, bench),
    await exchangeRounds("ES256", bare, bench),
  ]);
  bare.stop();
  const memory = await step(`Reading memory over ${extent.memoryTokens} tokens`, () => memoryOver(bench));
  return {
    heading: "Issuer: verify, decide, sign, record, over TLS",
    floor: "bare Node",
    rows: [
      ...rateRows("RS256", { ...RS256, openssl: openssl.RS256 }),
      ...rateRows("ES256", { ...ES256, openssl: openssl.ES256 }),
      ...memoryRows(memory),
    ],
    notes: [
      "Bare Node: node:https and one signature by jose for each request, and nothing else.",
      "Per core: tokens per second of processor time; the other rate is by the clock, with all that ran beside it.",
      "Out of reach: on this core bare Node does not meet the target either.",
      disturbanceNote([RS256.issuer, RS256.bare, ES256.issuer, ES256.bare]),
      "Rate limits are lifted, since a few hundred pods ask for what many thousands would.",
    ],
  };
}

/** Issuer and floor take turns, so that what else the machine does meets both. */
async function exchangeRounds(
  algorithm: Algorithm,
  bare: TokenService,
  bench: Bench,
): Promise<Omit<Compared, "openssl">> {
  const rounds: { issuer: LoadFigures[]; bare: LoadFigures[] } = { issuer: [], bare: [] };
  for (let round = 0; round < bench.extent.rounds; round++) {
    rounds.issuer.push(await exchange(algorithm, bench.issuer, bench));
    rounds.bare.push(await exchange(algorithm, bare, bench));
  }
  return { issuer: medians(rounds.issuer), bare: medians(rounds.bare) };
}

function exchange(
  algorithm: Algorithm,
  { url, pid }: TokenService,
  { issuer, cores, extent }: Bench,
): Promise<LoadFigures> {
  return putUnderLoad({
    ...{ url: `${url}/oauth2/token`, connections: CONNECTIONS, pid },
    ...{ seconds: extent.secondsPerRound, core: cores.others, servingCore: cores.measured },
    forms: join(issuer.folder, `${algorithm}.forms`),
  });
}

/** Samples from before the first token to the last, each after a garbage collection. */
async function memoryOver(bench: Bench): Promise<readonly MemorySample[]> {
  const samples: MemorySample[] = [];
  bench.issuer.sampleMemory(bench.extent.sampleEveryTokens, (sample) => samples.push(sample));
  while ((samples.at(-1)?.issued ?? 0) < bench.extent.memoryTokens) await exchange("ES256", bench.issuer, bench);
  return samples;
}

function rateRows(algorithm: Algorithm, { issuer, bare, openssl }: Compared): Row[] {
  const { rate, p99 } = targets[algorithm];
  const pair = (figure: keyof LoadFigures) => ({ ours: issuer[figure], floor: bare[figure] });
  return [
    row(`${algorithm} tokens`, "/s", pair("perSecond")),
    row("… per core", "/s", { ...pair("perCpuSecond"), target: rate, best: bare.perCpuSecond }),
    row("… per core, beside openssl speed", "/s", { ours: issuer.perCpuSecond, floor: openssl }),
    row("… p50", "ms", pair("p50Milliseconds")),
    row("… p99", "ms", { ...pair("p99Milliseconds"), target: p99, best: bare.p99Milliseconds }),
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
