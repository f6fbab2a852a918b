import type { IdentityReply, IssuerReply, NoSuccess } from "./issuer-reply.ts";
import { sidecarLimits } from "./limits.ts";
import { type Fields, parseFields, type RawReply } from "./raw-reply.ts";

/** A 429 that names no time: what clients themselves take then. */
const DEFAULT_RETRY_AFTER_SECONDS = 5;
const LONGEST_DETAIL = 300;

/** Reads the reply to a token request (RFC 8693 §2.2). */
export function parseIssuerReply(reply: RawReply): IssuerReply {
  return parseReply<IssuerReply>(reply, parseToken);
}

/** Reads the reply to `GET /identities`: the issuer lists at least one, or refuses. */
export function parseIdentityReply(reply: RawReply): IdentityReply {
  return parseReply<IdentityReply>(reply, ({ identities }) =>
    Array.isArray(identities) && identities.length > 0
      ? { kind: "confirmed" }
      : unavailable({ status: 200 }, "not a list of identities"),
  );
}

/**
 * Only what is well formed (RFC 6749 §5.2) counts as a decision; an error page of something in between must not look like
 * a refusal, because a refusal takes the cached token away.
 */
function parseReply<Reply>(reply: RawReply, parseSuccess: (fields: Fields) => Reply): Reply | NoSuccess {
  if (reply.status === 429) return { kind: "throttled", retryAfterSeconds: retryAfterSeconds(reply.retryAfter) };
  const fields = parseFields(reply.text);
  if (fields === undefined) return unavailable(reply, "no JSON object");
  if (reply.status === 200) return parseSuccess(fields);
  if (reply.status >= 400 && reply.status < 500) return parseRefusal(reply, fields);
  return unavailable(reply, text(fields.error_description)?.slice(0, LONGEST_DETAIL) ?? "not a decision");
}

function parseToken(fields: Fields): IssuerReply {
  const jwt = text(fields.access_token);
  const clientId = text(fields.client_id);
  const expiresInSeconds = fields.expires_in;
  if (jwt === undefined || clientId === undefined || !isLifetime(expiresInSeconds)) {
    return unavailable({ status: 200 }, "not a token response");
  }
  return { kind: "token", jwt, clientId, expiresInSeconds };
}

function parseRefusal(reply: RawReply, fields: Fields): NoSuccess {
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
  return Math.min(Math.max(Number(header), 1), sidecarLimits.retryAfterSeconds);
}

function unavailable(reply: Pick<RawReply, "status">, what: string): NoSuccess {
  return { kind: "unavailable", detail: `status ${reply.status}, ${what}` };
}
