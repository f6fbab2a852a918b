/** What a part of the measurements found, for people (format-report.ts) and for programs (as it is). */
export interface Section {
  readonly heading: string;
  /** What `ours` is compared with. */
  readonly floor: string;
  readonly rows: readonly Row[];
  readonly notes: readonly string[];
}

export type Unit = "MB" | "B" | "ms" | "µs" | "/s";

export interface Row {
  readonly name: string;
  readonly unit: Unit;
  readonly ours: number;
  readonly floor?: number;
  /** ours ÷ floor. */
  readonly ratio?: number;
  readonly target?: Target;
  readonly verdict?: Verdict;
}

export type Target = { readonly atMost: number } | { readonly atLeast: number };

/** "out of reach": the least that could do this job does not meet it on this machine either. */
export type Verdict = "met" | "missed" | "out of reach";

export interface Measured {
  readonly ours: number;
  readonly floor?: number;
  readonly target?: Target | undefined;
  /** What the least that could do this job reaches on this machine, if that bounds it. */
  readonly best?: number;
}

export function row(name: string, unit: Unit, { ours, floor, target, best }: Measured): Row {
  const compared = floor === undefined ? {} : { floor, ratio: ours / floor };
  if (target === undefined) return { name, unit, ours, ...compared };
  return { name, unit, ours, ...compared, target, verdict: verdictOn(ours, target, best) };
}

function verdictOn(ours: number, target: Target, best: number | undefined): Verdict {
  if (meets(ours, target)) return "met";
  return best === undefined || meets(best, target) ? "missed" : "out of reach";
}

function meets(value: number, target: Target): boolean {
  return "atMost" in target ? value <= target.atMost : value >= target.atLeast;
}
