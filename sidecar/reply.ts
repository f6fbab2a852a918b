import type { Refusal } from "./refusals.ts";

/** RFC 6749 §5.1: no cache on the way may keep what is answered here. */
const HEADERS = { "content-type": "application/json", "cache-control": "no-store" };
const OK = { status: 200, headers: new Headers(HEADERS) };

export function okReply(body: string): Response {
  return new Response(body, OK);
}

export function refusalReply(refusal: Refusal, body: string): Response {
  return new Response(body, { status: refusal.status, headers: refusalHeaders(refusal) });
}

export function refusalHeaders(refusal: Refusal): Record<string, string> {
  const headers: Record<string, string> = { ...HEADERS };
  if (refusal.retryAfterSeconds !== undefined) headers["retry-after"] = String(refusal.retryAfterSeconds);
  // RFC 9110 §15.5.6: a 405 names the methods that are allowed.
  if (refusal.status === 405) headers.allow = "GET";
  return headers;
}
