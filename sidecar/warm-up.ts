import type { Clock } from "./clock.ts";
import type { Handler } from "./handler.ts";

const RETRY_MILLISECONDS = 250;

/**
 * Resolves once a token for each of these audiences is in memory, so that the application's first call is served from
 * there; for no audience at all, once the issuer has answered.
 */
export async function warmUp(handler: Handler, audiences: readonly string[], clock: Clock): Promise<void> {
  while (!(await isWarm(handler, audiences))) {
    await new Promise<void>((resolve) => clock.after(RETRY_MILLISECONDS, resolve));
  }
}

/** The issuer's own audience is no token's audience: asking for it proves the way there and is always refused. */
const NO_ONES_AUDIENCE = "lanyard.dev/issuer";

async function isWarm(handler: Handler, audiences: readonly string[]): Promise<boolean> {
  if (audiences.length === 0) {
    await handler.prefetch(NO_ONES_AUDIENCE);
    return handler.issuerHasAnswered();
  }
  const fetched = await Promise.all(audiences.map((audience) => handler.prefetch(audience)));
  return fetched.every(Boolean);
}
