import type { RefusalCode } from "../identity/reasons.ts";

/** One request, for the metrics of the process. Its labels take few values, whatever is sent. */
export interface Observation {
  /** Method and path as in the documentation, or `none` for what is at no route. */
  readonly endpoint: string;
  readonly outcome: "answered" | RefusalCode;
  /** From its headers until its reply was ready. */
  readonly seconds: number;
}

export type Observe = (observation: Observation) => void;
