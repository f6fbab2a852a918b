/** What became of the last look at a secret. */
export interface LookState {
  /** Whether its file has been there since the process started. */
  readonly hasBeenPlaced: boolean;
  /** Looks in a row to which nobody had an answer. */
  readonly failures: number;
  /** Looks since the start, while the file has not been there. */
  readonly attempts: number;
  /** What the vault or the issuer asked for. */
  readonly retryAfterSeconds: number;
}

const FIRST_RETRY_MILLISECONDS = 250;
/** The application waits: a right that is given is felt within seconds. */
const LONGEST_RETRY_MILLISECONDS = 2000;
const LONGEST_BACKOFF_MILLISECONDS = 60_000;

/**
 * Milliseconds until the next look. Half of each pause is left to chance, so that pods which started together drift
 * apart; while nobody answers the pauses double.
 */
export function pauseUntilNextLook(state: LookState, pollSeconds: number, random: () => number): number {
  const full = state.hasBeenPlaced ? steadyPause(state, pollSeconds * 1000) : firstPause(state);
  return Math.max(full * (0.5 + 0.5 * random()), state.retryAfterSeconds * 1000);
}

function firstPause({ attempts }: LookState): number {
  return Math.min(FIRST_RETRY_MILLISECONDS * 2 ** attempts, LONGEST_RETRY_MILLISECONDS);
}

function steadyPause({ failures }: LookState, poll: number): number {
  return Math.max(poll, Math.min(poll * 2 ** failures, LONGEST_BACKOFF_MILLISECONDS));
}
