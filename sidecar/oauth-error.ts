import type { Refusal } from "./refusals.ts";

/** The JSON body of an OAuth error (RFC 6749 §5.2), with our code and the trace id beside it. */
export function oauthError(refusal: Refusal, traceId: string): string {
  return JSON.stringify({
    error: refusal.error,
    error_description: refusal.sentence,
    error_code: refusal.code,
    trace_id: traceId,
  });
}
