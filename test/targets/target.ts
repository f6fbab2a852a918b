import type { Command } from "./child.ts";
import type { ForgeryName } from "./forgeries.ts";

const outcomes = ["allowed", "forbidden", "refused", "unavailable"] as const;
/** What comes of showing a token. `forbidden`: known, and without the role; `unavailable`: it cannot be decided now. */
export type Outcome = (typeof outcomes)[number];

export function isOutcome(text: string): text is Outcome {
  return outcomes.some((outcome) => outcome === text);
}

export interface RunningTarget {
  readonly present: (token: string) => Promise<Outcome>;
  /** The application's command line: an unmodified SDK gets the token for the audience, an unmodified client uses it. */
  readonly client: (audience: string) => Command;
  readonly isRunning: () => boolean;
  readonly stop: () => Promise<void>;
}

/** A real program that verifies tokens for itself,. */
export interface Target {
  /** In examples/targets. */
  readonly folder: string;
  readonly audience: string;
  /** What the client prints when it is let in. */
  readonly allowedSays: RegExp;
  /** What the client of an identity prints that has a token, and not the role. */
  readonly forbiddenSays: RegExp;
  /** How it calls a caller without the role: a program whose roles are part of its login refuses the token itself. */
  readonly withoutRole: Extract<Outcome, "forbidden" | "refused">;
  /** What it does not look at, and its how-to says so. */
  readonly blindTo: readonly ForgeryName[];
  /** Starts the program, ready for clients. */
  readonly start: (surroundings: Surroundings) => Promise<RunningTarget>;
}

export interface Surroundings {
  /** Where the issuer is, or will be. */
  readonly issuer: string;
  /** A token of shop/orders for this target, from its endpoint. */
  readonly ordersToken: string;
  /** The issuer is there at first, for who has something to set up with it; the target must start it after this, alone. */
  readonly issuerGoes: () => Promise<void>;
}
