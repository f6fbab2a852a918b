import { type Clock, systemClock } from "./clock.ts";
import type { IssuerClient, IssuerReply } from "./issuer-reply.ts";
import { parseIssuerReply } from "./parse-issuer-reply.ts";
import { readBounded } from "./read-bounded.ts";
import type { TokenQuery } from "./token.ts";

export interface IssuerClientOptions {
  /** The issuer's base URL, with or without a trailing slash. */
  readonly url: string;
  /** The pod's projected ServiceAccount token; asked for each request, because the kubelet replaces it. */
  readonly readSubjectToken: () => Promise<string>;
  readonly fetch?: typeof fetch;
  readonly clock?: Clock;
  readonly timeoutSeconds?: number;
}

const LONGEST_REPLY_BYTES = 64 * 1024;

/** Token exchange (RFC 8693 §2.1) with the issuer. Whatever goes wrong on the way is a reply of kind "unavailable". */
export function createIssuerClient(options: IssuerClientOptions): IssuerClient {
  const url = `${options.url.replace(/\/+$/, "")}/oauth2/token`;
  const clock = options.clock ?? systemClock;
  const send = options.fetch ?? fetch;
  const timeoutMilliseconds = (options.timeoutSeconds ?? 10) * 1000;

  async function exchange(query: TokenQuery, signal: AbortSignal): Promise<IssuerReply> {
    const body = tokenExchange(query, (await options.readSubjectToken()).trim());
    // A redirect would carry the pod's own token to wherever it points.
    const response = await send(url, { method: "POST", headers: FORM, body, redirect: "manual", signal });
    const text = await readBounded(response, LONGEST_REPLY_BYTES);
    if (text === undefined) return { kind: "unavailable", detail: "the reply is too long" };
    return parseIssuerReply({ status: response.status, retryAfter: response.headers.get("retry-after"), text });
  }

  return {
    async requestToken(query) {
      const abort = new AbortController();
      const cancel = clock.after(timeoutMilliseconds, () => abort.abort(new Error("the issuer took too long")));
      try {
        return await exchange(query, abort.signal);
      } catch (error) {
        return { kind: "unavailable", detail: error instanceof Error ? error.message : "unknown failure" };
      } finally {
        cancel();
      }
    },
  };
}

const FORM = { "content-type": "application/x-www-form-urlencoded", accept: "application/json" };
const SELECTOR_NAMES = { clientId: "client_id", objectId: "object_id", resourceId: "resource_id" } as const;

function tokenExchange(query: TokenQuery, subjectToken: string): string {
  const form = new URLSearchParams({
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    subject_token: subjectToken,
    subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
    audience: query.audience,
  });
  if (query.selector.by !== "default") form.set(SELECTOR_NAMES[query.selector.by], query.selector.value);
  return form.toString();
}
