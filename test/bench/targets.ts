import type { Target } from "./report.ts";

/** What docs/reference/benchmarks.md promises to compare with. */
export const sidecarTargets = {
  idle: { atMost: 4 },
  afterWork: { atMost: 8 },
  firstToken: { atMost: 50 },
  requestsPerCore: { atLeast: 80_000 },
  p99At64: { atMost: 2 },
} as const satisfies Record<string, Target>;

export const issuerTargets = {
  RS256: { rate: { atLeast: 2600 }, p99: { atMost: 60 } },
  ES256: { rate: { atLeast: 7000 }, p99: { atMost: 25 } },
} as const satisfies Record<string, Record<string, Target>>;

export const accessTargets = { p50: { atMost: 50 } } as const satisfies Record<string, Target>;
