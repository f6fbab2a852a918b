import { sidecarLimits } from "../limits.ts";
import { type Fields, parseFields, type RawReply } from "../raw-reply.ts";
import { secretFileReasons, type VaultReply } from "./vault-reply.ts";

/** A reply before anybody knows what it means. */
export interface RawVaultReply extends RawReply {
  readonly tag: string | null;
}

const LONGEST_SENTENCE = 300;
const REFUSALS: readonly number[] = [401, 403, 404];

/**
 * Reads the reply to Get Secret. https://learn.microsoft.com/rest/api/keyvault/secrets/get-secret/get-secret
 * Only a refusal that is well formed is one: an error page of something in between must not take a file away.
 */
export function parseVaultReply(reply: RawVaultReply, vaultUrl: string): VaultReply {
  if (reply.status === 304) return { kind: "unchanged" };
  const fields = parseFields(reply.text);
  if (reply.status === 200) return parseSecret(fields, reply, vaultUrl);
  const reason = REFUSALS.includes(reply.status) ? parseReason(fields) : undefined;
  if (reason !== undefined) return { kind: "refused", reason };
  return unavailable(vaultUrl, `it answers ${reply.status}`, retryAfterSeconds(reply.retryAfter));
}

export function unavailable(vaultUrl: string, problem: string, retryAfterSeconds = 0): VaultReply {
  return { kind: "unavailable", reason: secretFileReasons.VaultUnavailable(vaultUrl, problem), retryAfterSeconds };
}

function parseSecret(fields: Fields | undefined, { tag }: RawVaultReply, vaultUrl: string): VaultReply {
  const { value, id } = fields ?? {};
  if (typeof value !== "string" || typeof id !== "string" || id === "") {
    return unavailable(vaultUrl, "its answer is not a secret");
  }
  // Half a surrogate pair has no bytes in UTF-8, and would be replaced by another character.
  if (!value.isWellFormed()) return unavailable(vaultUrl, "the secret's value is no Unicode text");
  return { kind: "value", value, id, tag: tag ?? undefined };
}

/** `{"error": {"code": …, "message": …, "innererror": {"code": …}}}`; the inner code says more. */
function parseReason(fields: Fields | undefined): { code: string; sentence: string } | undefined {
  const error = members(fields?.error);
  const { code, message } = error;
  if (typeof code !== "string" || typeof message !== "string" || code === "" || message === "") return undefined;
  const inner = members(error.innererror).code;
  return { code: typeof inner === "string" ? inner : code, sentence: message.slice(0, LONGEST_SENTENCE) };
}

function members(value: unknown): Fields {
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

function retryAfterSeconds(header: string | null): number {
  return header !== null && /^\d{1,9}$/.test(header)
    ? Math.min(Number(header), sidecarLimits.secretRetryAfterSeconds)
    : 0;
}
