import type { Clock } from "../clock.ts";
import { sidecarLimits } from "../limits.ts";
import { readBounded } from "../read-bounded.ts";
import type { Refusal } from "../refusals.ts";
import type { Outcome } from "../token-cache.ts";
import { parseVaultReply, type RawVaultReply, unavailable } from "./parse-vault-reply.ts";
import type { SecretFile } from "./secret-file.ts";
import type { VaultReply } from "./vault-reply.ts";

/** `issuer`: a new one, whatever is in memory. */
export type GetToken = (audience: string, from: "memory" | "issuer") => Promise<Outcome>;

export interface VaultClientOptions {
  readonly getToken: GetToken;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly timeoutSeconds?: number;
}

export interface VaultClient {
  /** With the tag of the last value, an answer without one when nothing changed. Never rejects. */
  read(file: SecretFile, tag: string | undefined): Promise<VaultReply>;
}

const API_VERSION = "7.5";

/** Reads secrets with the pod's own identity. Whatever goes wrong on the way is no decision. */
export function createVaultClient({
  getToken,
  fetch,
  clock,
  timeoutSeconds = sidecarLimits.secretReplySeconds,
}: VaultClientOptions): VaultClient {
  async function send(file: SecretFile, jwt: string, tag: string | undefined): Promise<RawVaultReply> {
    const abort = new AbortController();
    const cancel = clock.after(timeoutSeconds * 1000, () => abort.abort(new Error("it took too long")));
    const headers = { accept: "application/json", authorization: `Bearer ${jwt}` };
    try {
      const response = await fetch(urlOf(file), {
        headers: tag === undefined ? headers : { ...headers, "if-none-match": tag },
        // It would carry the pod's token to wherever it points.
        redirect: "manual",
        signal: abort.signal,
      });
      const text = await readBounded(response, sidecarLimits.secretReplyBytes);
      if (text === undefined) throw new Error("its answer is too long");
      const { status } = response;
      return { status, text, retryAfter: response.headers.get("retry-after"), tag: response.headers.get("etag") };
    } finally {
      cancel();
    }
  }

  async function readWith(from: "memory" | "issuer", file: SecretFile, tag: string | undefined): Promise<Attempt> {
    const outcome = await getToken(file.vaultUrl, from);
    if (outcome.kind === "refused") return { status: undefined, reply: withoutToken(outcome.refusal, file) };
    const raw = await send(file, outcome.token.jwt, tag);
    return { status: raw.status, reply: parseVaultReply(raw, file.vaultUrl) };
  }

  return {
    async read(file, tag) {
      try {
        const first = await readWith("memory", file, tag);
        // The token in memory may have been revoked since: a new one says whether the right is gone, too.
        return first.status === 401 ? (await readWith("issuer", file, tag)).reply : first.reply;
      } catch (error) {
        return unavailable(file.vaultUrl, error instanceof Error ? error.message : "unknown failure");
      }
    },
  };
}

interface Attempt {
  /** Undefined when the vault was not asked, for want of a token. */
  readonly status: number | undefined;
  readonly reply: VaultReply;
}

function urlOf({ vaultUrl, secret, version = "" }: SecretFile): string {
  return `${vaultUrl}/secrets/${secret}/${version}?api-version=${API_VERSION}`;
}

/** A refusal of the issuer is a decision, unless it says that it comes of the moment. */
function withoutToken(
  { status, code, sentence, retryAfterSeconds = 0 }: Refusal,
  { vaultUrl }: SecretFile,
): VaultReply {
  const isDecision = status < 500 && status !== 429;
  return isDecision
    ? { kind: "refused", reason: { code, sentence } }
    : unavailable(vaultUrl, `there is no token for it: ${sentence.replace(/\.$/, "")}`, retryAfterSeconds);
}
