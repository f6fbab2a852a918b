/** A request that gets no token: what the application is told, in whichever shape its dialect has for it. */
export interface Refusal {
  readonly status: number;
  /** OAuth error code (RFC 6749 §5.2), or the cloud's own where clients know it. */
  readonly error: string;
  /** Stable and in CamelCase: one of those below, or a code of identity/reasons.ts that the issuer gave. */
  readonly code: string;
  /** Public; says what to do. */
  readonly sentence: string;
  readonly retryAfterSeconds?: number;
  /** The issuer's trace id, when the issuer refused. */
  readonly traceId?: string;
}

/** How long a client should wait when the issuer is away: longer than the refusal is kept, so that the retry reaches it. */
const OUTAGE_RETRY_AFTER_SECONDS = 2;

/** Every refusal that starts in the sidecar. Codes that the issuer also gives have the same meaning there. */
export const refusals = {
  /** The words are the cloud's; azure-imds adds its list of versions. */
  ApiVersionInvalid: () =>
    badRequest(
      "ApiVersionInvalid",
      "Bad request. api-version is invalid or was not specified in the request. For more information refer to aka.ms/azureimds",
    ),
  DuplicateParameter: (name: string) =>
    badRequest("DuplicateParameter", `Query variable '${name}' is given twice: give it once.`),
  EndpointHeaderInvalid: (): Refusal => ({
    status: 401,
    error: "unauthorized",
    code: "EndpointHeaderInvalid",
    sentence:
      "The X-IDENTITY-HEADER header is missing or wrong: send the value of the environment variable IDENTITY_HEADER.",
  }),
  HeadersTooLarge: (): Refusal => ({
    status: 431,
    error: "invalid_request",
    code: "HeadersTooLarge",
    sentence: "The request's headers are too large: send fewer or shorter ones.",
  }),
  HostNotLocal: () =>
    badRequest(
      "HostNotLocal",
      "The Host header names no local address: call the token endpoint as 127.0.0.1, localhost or 169.254.169.254.",
    ),
  InternalError: (): Refusal => ({
    status: 500,
    error: "unknown",
    code: "InternalError",
    sentence: "The token endpoint failed: try again, and report the trace id if it stays.",
    retryAfterSeconds: OUTAGE_RETRY_AFTER_SECONDS,
  }),
  InvalidRequest: (sentence: string) => badRequest("InvalidRequest", sentence),
  /** 503 is what every client retries; a status of the cloud's own, such as 410, only some do (see the protocol tests). */
  IssuerUnavailable: (): Refusal => ({
    status: 503,
    error: "temporarily_unavailable",
    code: "IssuerUnavailable",
    sentence: "The issuer cannot be reached and no token is cached: try again in a moment.",
    retryAfterSeconds: OUTAGE_RETRY_AFTER_SECONDS,
  }),
  MetadataHeaderMissing: (): Refusal => ({
    status: 400,
    error: "bad_request_102",
    code: "MetadataHeaderMissing",
    sentence: "Required metadata header not specified",
  }),
  MethodNotAllowed: (): Refusal => ({
    status: 405,
    error: "method_not_allowed",
    code: "MethodNotAllowed",
    sentence: "The token endpoint answers GET requests only.",
  }),
  NotFound: (): Refusal => ({
    status: 404,
    error: "not_found",
    code: "NotFound",
    sentence: "Nothing is served at this path: check the endpoint's URL and the enabled dialects.",
  }),
  RateLimited: (retryAfterSeconds: number): Refusal => ({
    status: 429,
    error: "too_many_requests",
    code: "RateLimited",
    sentence: `Too many token requests: ask again in ${retryAfterSeconds} s.`,
    retryAfterSeconds,
  }),
  RequestForwarded: () =>
    badRequest(
      "RequestForwarded",
      "A request that was forwarded is refused: call the token endpoint directly, not through a proxy.",
    ),
  RequestFromBrowser: () =>
    badRequest(
      "RequestFromBrowser",
      "A request with an Origin or Sec-Fetch header is refused: web pages must not have tokens of the pod.",
    ),
  ResourceMissing: (variable: string) =>
    badRequest("ResourceMissing", `Required query variable '${variable}' is missing`),
  SelectorsConflict: (names: readonly string[]) =>
    badRequest(
      "SelectorsConflict",
      `Query variables ${names.join(" and ")} are mutually exclusive: name the identity by one of them.`,
    ),
  TokenTooShort: (): Refusal => ({
    status: 503,
    error: "temporarily_unavailable",
    code: "TokenTooShort",
    sentence:
      "The issuer gave a token that lives under 300 s: raise the token lifetime of the identity or of the resource.",
    retryAfterSeconds: OUTAGE_RETRY_AFTER_SECONDS,
  }),
  UrlTooLong: (): Refusal => ({
    status: 414,
    error: "invalid_request",
    code: "UrlTooLong",
    sentence: "The URL is longer than 8 KiB: shorten its query.",
  }),
} as const;

function badRequest(code: string, sentence: string): Refusal {
  return { status: 400, error: "invalid_request", code, sentence };
}
