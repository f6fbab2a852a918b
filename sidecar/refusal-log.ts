import type { Clock } from "./clock.ts";
import type { RefusedRequest } from "./handler.ts";
import { sidecarLimits } from "./limits.ts";
import { RateLimit } from "./rate-limit.ts";

/** Writes refusals for a person to find, and stays quiet under a flood: the next line says how many were left out. */
export function createRefusalLog(options: {
  readonly clock: Clock;
  readonly write: (fields: object) => void;
}): (refused: RefusedRequest) => void {
  const rate = new RateLimit(sidecarLimits.refusalLinesPerSecond);
  let leftOut = 0;
  return ({ dialect, refusal, traceId, audience }) => {
    if (!rate.take(options.clock.now())) {
      leftOut++;
      return;
    }
    const { status, code, sentence } = refusal;
    options.write({ message: "refused", dialect, status, code, sentence, traceId, audience, leftOut });
    leftOut = 0;
  };
}
