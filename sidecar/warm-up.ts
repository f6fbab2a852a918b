import type { Clock } from "./clock.ts";
import type { Handler } from "./handler.ts";
import type { Waiting } from "./waiting.ts";

export interface WarmUpOptions {
  readonly handler: Pick<Handler, "prefetch" | "checkIdentities">;
  readonly audiences: readonly string[];
  readonly clock: Clock;
  /** Told after each attempt that was in vain. */
  readonly onWaiting: (waiting: Waiting) => void;
}

const FIRST_RETRY_MILLISECONDS = 250;
/** So that an identity which appears is felt within seconds, and a thousand pods without one are no load. */
const LONGEST_RETRY_MILLISECONDS = 2000;

/**
 * Resolves once a token for each of these audiences is in memory, so that the application's first call is served from
 * there; for no audience at all, once the issuer has confirmed that this pod may use an identity.
 */
export async function warmUp({ handler, audiences, clock, onWaiting }: WarmUpOptions): Promise<void> {
  for (let failures = 0; ; failures++) {
    const waiting = await waitingFor(handler, audiences);
    if (waiting === undefined) return;
    onWaiting(waiting);
    const pause = Math.min(FIRST_RETRY_MILLISECONDS * 2 ** failures, LONGEST_RETRY_MILLISECONDS);
    await new Promise<void>((resolve) => clock.after(pause, resolve));
  }
}

async function waitingFor(
  handler: WarmUpOptions["handler"],
  audiences: readonly string[],
): Promise<Waiting | undefined> {
  if (audiences.length === 0) return handler.checkIdentities();
  const fetched = await Promise.all(audiences.map((audience) => handler.prefetch(audience)));
  return fetched.find((waiting) => waiting !== undefined);
}
