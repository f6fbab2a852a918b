/** Time as a parameter. The same shape as kube/clock.ts, declared again because the sidecar imports no other folder's code. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls once after so many milliseconds; the returned function cancels it. */
  after(milliseconds: number, call: () => void): () => void;
}

const LONGEST_TIMER = 2_147_483_647;

export const systemClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, call) {
    const timer = setTimeout(call, Math.min(milliseconds, LONGEST_TIMER));
    return () => clearTimeout(timer);
  },
};
