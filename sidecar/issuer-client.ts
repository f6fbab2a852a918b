import { type Clock, systemClock } from "./clock.ts";
import { type Confirmation, parseConfirmation } from "./confirmation.ts";
import type { IdentityReply, IssuerClient, IssuerReply, NoSuccess } from "./issuer-reply.ts";
import { sidecarLimits } from "./limits.ts";
import { parseIdentityReply, parseIssuerReply } from "./parse-issuer-reply.ts";
import type { RawReply } from "./raw-reply.ts";
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

/** Token exchange (RFC 8693 §2.1), introspection (RFC 7662) and the pod's identities at the issuer. Whatever goes wrong on the way is no decision. */
export function createIssuerClient(options: IssuerClientOptions): IssuerClient {
  const origin = options.url.replace(/\/+$/, "");
  const clock = options.clock ?? systemClock;
  const send = options.fetch ?? fetch;

  async function exchange(path: string, message: Message, signal: AbortSignal): Promise<RawReply> {
    // A redirect would carry the pod's own token to wherever it points.
    const response = await send(`${origin}${path}`, { ...message, redirect: "manual", signal });
    const text = await readBounded(response, sidecarLimits.issuerReplyBytes);
    if (text === undefined) throw new Error("the reply is too long");
    return { status: response.status, retryAfter: response.headers.get("retry-after"), text };
  }

  async function within<T>(seconds: number, call: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const abort = new AbortController();
    const cancel = clock.after(seconds * 1000, () => abort.abort(new Error("the issuer took too long")));
    return call(abort.signal).finally(cancel);
  }

  async function decided<Reply>(call: (signal: AbortSignal) => Promise<Reply>): Promise<Reply | NoSuccess> {
    try {
      return await within(options.timeoutSeconds ?? sidecarLimits.issuerReplySeconds, (signal) => twice(call, signal));
    } catch (error) {
      return { kind: "unavailable", detail: error instanceof Error ? error.message : "unknown failure" };
    }
  }

  const subjectToken = async (): Promise<string> => (await options.readSubjectToken()).trim();

  return {
    requestToken: (query): Promise<IssuerReply> =>
      decided(async (signal) =>
        parseIssuerReply(await exchange("/oauth2/token", tokenExchange(query, await subjectToken()), signal)),
      ),
    checkIdentities: (): Promise<IdentityReply> =>
      decided(async (signal) => parseIdentityReply(await exchange("/identities", asPod(await subjectToken()), signal))),
    async confirmToken(jwt): Promise<Confirmation> {
      try {
        // An application waits: a confirmation that is late is worth less than the token that is kept.
        return await within(sidecarLimits.confirmationReplySeconds, async (signal) =>
          parseConfirmation(await exchange("/introspect", introspection(jwt, await subjectToken()), signal), jwt),
        );
      } catch {
        return "unknown";
      }
    },
  };
}

/** A connection that was kept open ends with the issuer at its other end; the next one leads to another. Nothing that is asked here is changed by being asked twice. */
async function twice<Reply>(call: (signal: AbortSignal) => Promise<Reply>, signal: AbortSignal): Promise<Reply> {
  try {
    return await call(signal);
  } catch (error) {
    if (signal.aborted) throw error;
    return call(signal);
  }
}

interface Message {
  readonly method: "GET" | "POST";
  readonly headers: Record<string, string>;
  readonly body?: string;
}

const JSON_REPLY = { accept: "application/json" };
const SELECTOR_NAMES = { clientId: "client_id", objectId: "object_id", resourceId: "resource_id" } as const;

function tokenExchange(query: TokenQuery, subjectToken: string): Message {
  const form = new URLSearchParams({
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    subject_token: subjectToken,
    subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
    audience: query.audience,
  });
  if (query.selector.by !== "default") form.set(SELECTOR_NAMES[query.selector.by], query.selector.value);
  return post(form);
}

function introspection(jwt: string, subjectToken: string): Message {
  return post(new URLSearchParams({ token: jwt }), bearer(subjectToken));
}

function asPod(subjectToken: string): Message {
  return { method: "GET", headers: { ...JSON_REPLY, ...bearer(subjectToken) } };
}

function post(form: URLSearchParams, headers: Record<string, string> = {}): Message {
  const contentType = { "content-type": "application/x-www-form-urlencoded" };
  return { method: "POST", headers: { ...contentType, ...JSON_REPLY, ...headers }, body: form.toString() };
}

const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });
