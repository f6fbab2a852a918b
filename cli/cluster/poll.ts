import { sleep } from "../../kube/sleep.ts";
import type { Session } from "./session.ts";

const POLL_MS = 500;

/**
 * Looks again and again until there is something, since a person may read what they may not watch. Undefined when the
 * time is up, or when the person does not want to wait any longer.
 */
export async function poll<T>(
  look: () => Promise<T | undefined>,
  { clock, signal }: Pick<Session, "clock" | "signal">,
  timeoutMs: number,
): Promise<T | undefined> {
  const deadline = clock.now() + timeoutMs;
  while (true) {
    const found = await look();
    if (found !== undefined || clock.now() >= deadline || signal.aborted) return found;
    await sleep(clock, POLL_MS, signal);
  }
}
