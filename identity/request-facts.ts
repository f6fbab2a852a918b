import type { QuestionMeter } from "./condition-judge.ts";

/** What a condition is asked about: who asks for what, and when. What is not known is left out, and decides nothing. */
export interface RequestFacts {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** The audience of the token, asked for or shown. */
  readonly audience?: string | undefined;
  /** The pod that asks, as the API says. */
  readonly pod?: PodRequestFacts | undefined;
  /** Counts what the question takes; without one each look at the index counts by itself. */
  readonly meter?: QuestionMeter | undefined;
}

export interface PodRequestFacts {
  readonly namespace: string;
  readonly name: string;
  readonly serviceAccount: string;
  readonly labels: Readonly<Record<string, string>>;
}
