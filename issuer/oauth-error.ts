import type { ErrorBody } from "../http/client-error.ts";
import { type Refusal, type RefusalCode, refusals } from "../identity/reasons.ts";
import { randomTraceId } from "../kube/trace-id.ts";
import type { Refused } from "./endpoint.ts";
import { type HttpReply, json } from "./http-message.ts";

/** RFC 6749 §5.2, RFC 8693 §2.2.2 (`invalid_target`), RFC 6750 §3.1 (`invalid_token`), and the authorization endpoint's three. */
export type OAuthError =
  | "invalid_request"
  | "invalid_client"
  | "invalid_scope"
  | "invalid_target"
  | "invalid_token"
  | "unsupported_grant_type"
  | "access_denied"
  | "temporarily_unavailable"
  | "server_error";

interface HttpError {
  readonly status: number;
  readonly error: OAuthError;
}

const malformed: HttpError = { status: 400, error: "invalid_request" };
const notThisPod: HttpError = { status: 401, error: "invalid_client" };
const notAllowed: HttpError = { status: 403, error: "access_denied" };
const notThisCaller: HttpError = { status: 401, error: "invalid_token" };
const later: HttpError = { status: 503, error: "temporarily_unavailable" };

/** What a caller is told for each reason, besides the reason itself. */
const httpErrors: Readonly<Record<RefusalCode, HttpError>> = {
  InvalidRequest: malformed,
  UnsupportedGrantType: { status: 400, error: "unsupported_grant_type" },
  SubjectTokenInvalid: notThisPod,
  SubjectTokenExpired: notThisPod,
  SubjectTokenAudience: notThisPod,
  SubjectTokenIssuer: notThisPod,
  SubjectTokenUnbound: notThisPod,
  PodNotFound: notThisPod,
  PodReplaced: notThisPod,
  PodNotScheduled: notThisPod,
  PodTerminated: notThisPod,
  ServiceAccountReplaced: notThisPod,
  NodeMismatch: notThisPod,
  IdentityNotFound: malformed,
  IdentityAmbiguous: malformed,
  NoIdentity: malformed,
  IdentityDisabled: notAllowed,
  InvalidScope: { status: 400, error: "invalid_scope" },
  TenantUnknown: malformed,
  ResourceMissing: malformed,
  AudienceNotRegistered: { status: 400, error: "invalid_target" },
  RoleAssignmentEnding: notAllowed,
  RoleAssignmentRequired: notAllowed,
  SourceAddressMismatch: notAllowed,
  SourceAddressUnknown: notAllowed,
  ResourceUnusable: { status: 400, error: "invalid_target" },
  RateLimited: { status: 429, error: "temporarily_unavailable" },
  AddressLimited: { status: 429, error: "temporarily_unavailable" },
  AccessTokenInvalid: notThisCaller,
  AccessTokenAudience: notThisCaller,
  AuthenticationRequired: notThisCaller,
  PrincipalUnknown: malformed,
  CallerUnrelated: notAllowed,
  ActionNotGranted: notAllowed,
  PodNotOfPrincipal: notAllowed,
  TokenInactive: notAllowed,
  RouteNotFound: { status: 404, error: "invalid_request" },
  MethodNotAllowed: { status: 405, error: "invalid_request" },
  UnsupportedMediaType: { status: 415, error: "invalid_request" },
  BodyTooLarge: { status: 413, error: "invalid_request" },
  BodyTooSlow: { status: 408, error: "invalid_request" },
  BodyTooFragmented: malformed,
  ServerBusy: later,
  ClusterKeysUnavailable: later,
  NotReady: later,
  InternalError: { status: 500, error: "server_error" },
};

export function httpErrorOf(code: RefusalCode): HttpError {
  return httpErrors[code];
}

/** The one shape of every refusal. The refusal's private detail is not in it. */
export function errorReply(refusal: Refusal, traceId: string, headers: Record<string, string> = {}): HttpReply {
  const { status, error } = httpErrorOf(refusal.code);
  const body = { error, error_description: refusal.sentence, error_code: refusal.code, trace_id: traceId };
  return { ...json(status, body, { "cache-control": "no-store", ...headers }), reason: refusal.code };
}

/** For a request that is not valid HTTP. */
export const oauthErrorBody: ErrorBody = ({ sentence }) =>
  errorReply(refusals.InvalidRequest(sentence), randomTraceId()).body;

/** A step's refusal, with the wait in whole seconds that RFC 9110 §10.2.3 wants with it. */
export function refusedReply({ refusal, retryAfterSeconds }: Refused, traceId: string): HttpReply {
  const { error, status } = httpErrorOf(refusal.code);
  const wait = retryAfterSeconds ?? (status === 503 ? 1 : undefined);
  return errorReply(refusal, traceId, {
    ...(wait === undefined ? {} : { "retry-after": String(wait) }),
    ...(error === "invalid_token" ? { "www-authenticate": challenge(refusal) } : {}),
  });
}

/** RFC 6750 §3: without any credential in the request, the challenge names no error. */
function challenge({ code }: Refusal): string {
  const realm = 'Bearer realm="lanyard"';
  return code === "AuthenticationRequired" ? realm : `${realm}, error="invalid_token"`;
}
