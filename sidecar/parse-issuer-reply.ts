import type { IssuerReply } from "./issuer-reply.ts";
import { type Fields, parseFields, type RawReply } from "./raw-reply.ts";

/** A 429 that names no time: what clients themselves take then. */
const DEFAULT_RETRY_AFTER_SECONDS = 5;
const LONGEST_RETRY_AFTER_SECONDS = 3600;

/**
 * Reads the issuer's reply (RFC 8693 §2.2, RFC 6749 §5.2). Only what is well formed counts as a decision; an error page of
 * something in between must not look like a refusal, because a refusal takes the cached token away.
 */
export function parseIssuerReply(reply: RawReply): IssuerReply {
  if (reply.status === 429) return { kind: "throttled", retryAfterSeconds: retryAfterSeconds(reply.retryAfter) };
  const fields = parseFields(reply.text);
  if (fields === undefined) return unavailable(reply, "no JSON object");
  if (reply.status === 200) return parseToken(reply, fields);
  return reply.status >= 400 && reply.status < 500 ? parseRefusal(reply, fields) : unavailable(reply, "not a decision");
}

function parseToken(reply: RawReply, fields: Fields): IssuerReply {
  const jwt = text(fields.access_token);
  const clientId = text(fields.client_id);
  const expiresInSeconds = fields.expires_in;
  if (jwt === undefined || clientId === undefined || !isLifetime(expiresInSeconds)) {
    return unavailable(reply, "not a token response");
  }
  return { kind: "token", jwt, clientId, expiresInSeconds };
}

function parseRefusal(reply: RawReply, fields: Fields): IssuerReply {
  const error = text(fields.error);
  const sentence = text(fields.error_description);
  if (error === undefined || sentence === undefined) return unavailable(reply, "not an error response");
  const traceId = text(fields.trace_id);
  const refusal = { status: reply.status, error, sentence, code: text(fields.error_code) ?? "Refused" };
  return { kind: "refused", refusal: traceId === undefined ? refusal : { ...refusal, traceId } };
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function isLifetime(value: unknown): value is number {
  return typeof value === "number" && value > 0 && value < 1e9;
}

/** Whole seconds; the date form of RFC 9110 §10.2.3 is not used by the issuer. */
function retryAfterSeconds(header: string | null): number {
  if (header === null || !/^\d{1,9}$/.test(header.trim())) return DEFAULT_RETRY_AFTER_SECONDS;
  return Math.min(Math.max(Number(header), 1), LONGEST_RETRY_AFTER_SECONDS);
}

function unavailable(reply: RawReply, what: string): IssuerReply {
  return { kind: "unavailable", detail: `status ${reply.status}, ${what}` };
}
