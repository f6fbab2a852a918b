import { parseArgs } from "node:util";

const parts = ["access", "sidecar", "issuer"] as const;
export type Part = (typeof parts)[number];

/** What was asked for on the command line. */
export interface BenchSettings {
  readonly parts: readonly Part[];
  readonly extent: Extent;
  /** Where to write the report for programs. */
  readonly json: string | undefined;
}

/** How much is measured; what is left away with --quick makes the figures noisier, not different. */
export interface Extent {
  readonly coldStarts: number;
  readonly requests: number;
  readonly refreshes: number;
  /** Each load is put on so often, and the median counts. */
  readonly rounds: number;
  readonly secondsPerRound: number;
  readonly opensslSeconds: number;
  /** Access decisions of each kind. */
  readonly decisions: number;
  readonly memoryTokens: number;
  readonly sampleEveryTokens: number;
}

const full: Extent = {
  coldStarts: 7,
  requests: 20_000,
  refreshes: 1000,
  rounds: 3,
  secondsPerRound: 2,
  opensslSeconds: 3,
  decisions: 50_000,
  memoryTokens: 200_000,
  sampleEveryTokens: 20_000,
};

const quick: Extent = {
  coldStarts: 3,
  requests: 5000,
  refreshes: 200,
  rounds: 1,
  secondsPerRound: 1,
  opensslSeconds: 1,
  decisions: 5000,
  memoryTokens: 20_000,
  sampleEveryTokens: 5000,
};

export const usage = `Measures what Lanyard costs, beside a floor, and compares with the targets.

  --only access|sidecar|issuer   measure this part alone
  --quick                        a tenth of the work, for a first look
  --json FILE                    write the report for programs too
`;

/** Throws a TypeError that says what is wrong with the arguments; "help" when that is what they ask for. */
export function parseBenchSettings(args: readonly string[]): BenchSettings | "help" {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: "string" },
      quick: { type: "boolean", default: false },
      json: { type: "string" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return "help";
  return { parts: partsOf(values.only), extent: values.quick ? quick : full, json: values.json };
}

function partsOf(only: string | undefined): readonly Part[] {
  if (only === undefined) return parts;
  const part = parts.find((each) => each === only);
  if (part === undefined) throw new TypeError(`--only takes ${parts.join(", ")}, not ${only}`);
  return [part];
}
