import { describe, expect, test } from "vitest";
import { refusals } from "../../identity/reasons.ts";
import { Refused } from "../../issuer/endpoint.ts";
import { errorReply, httpErrorOf, refusedReply } from "../../issuer/oauth-error.ts";

const trace = "4bf92f3577b34da6a3ce929d0e0e4736";

describe("what a caller is told", () => {
  test.each([
    { code: "InvalidRequest", status: 400, error: "invalid_request" },
    { code: "IdentityAmbiguous", status: 400, error: "invalid_request" },
    { code: "AudienceNotRegistered", status: 400, error: "invalid_target" },
    { code: "UnsupportedGrantType", status: 400, error: "unsupported_grant_type" },
    { code: "InvalidScope", status: 400, error: "invalid_scope" },
    { code: "SubjectTokenExpired", status: 401, error: "invalid_client" },
    { code: "PodReplaced", status: 401, error: "invalid_client" },
    { code: "AccessTokenInvalid", status: 401, error: "invalid_token" },
    { code: "IdentityDisabled", status: 403, error: "access_denied" },
    { code: "RoleAssignmentRequired", status: 403, error: "access_denied" },
    { code: "RateLimited", status: 429, error: "temporarily_unavailable" },
    { code: "NotReady", status: 503, error: "temporarily_unavailable" },
    { code: "InternalError", status: 500, error: "server_error" },
  ] as const)("$code is $status $error", ({ code, status, error }) => {
    expect(httpErrorOf(code)).toEqual({ status, error });
  });

  test("the sentence, the code and the trace id, and not the detail", () => {
    const { body } = errorReply(refusals.SubjectTokenInvalid("ERR_JWS_INVALID"), trace);
    expect(JSON.parse(body)).toEqual({
      error: "invalid_client",
      error_description: refusals.SubjectTokenInvalid("").sentence,
      error_code: "SubjectTokenInvalid",
      trace_id: trace,
    });
  });

  test.each([
    { refused: new Refused(refusals.RateLimited(7), 7), wait: "7" },
    { refused: new Refused(refusals.ClusterKeysUnavailable("no answer")), wait: "1" },
    { refused: new Refused(refusals.PodNotFound("shop/a")), wait: undefined },
  ])("$refused.refusal.code: ask again after $wait", ({ refused, wait }) => {
    expect(refusedReply(refused, trace).headers["retry-after"]).toBe(wait);
  });
});
