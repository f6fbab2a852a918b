import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseIdentityReply, parseIssuerReply } from "../../sidecar/parse-issuer-reply.ts";
import { property } from "../support/property.ts";

const token = { access_token: "a.b.c", token_type: "Bearer", expires_in: 3600, client_id: "0b6e" };
const refusal = {
  error: "access_denied",
  error_description: "No role.",
  error_code: "RoleAssignmentRequired",
  trace_id: "t",
};

function parse(status: number, body: unknown, retryAfter: string | null = null) {
  return parseIssuerReply({ status, retryAfter, text: typeof body === "string" ? body : JSON.stringify(body) });
}

describe("parseIssuerReply", () => {
  test("an issuer that cannot decide yet says why", () => {
    const sentence = "The issuer has not read the cluster's state yet: ask again in a second.";
    const detail = `status 503, ${sentence}`;
    expect(parse(503, { ...refusal, error_description: sentence })).toEqual({ kind: "unavailable", detail });
  });

  test("a token", () => {
    expect(parse(200, token)).toEqual({ kind: "token", jwt: "a.b.c", clientId: "0b6e", expiresInSeconds: 3600 });
  });

  test.each([400, 401, 403])("a refusal with status %i", (status) => {
    expect(parse(status, refusal)).toEqual({
      kind: "refused",
      refusal: { status, error: "access_denied", sentence: "No role.", code: "RoleAssignmentRequired", traceId: "t" },
    });
  });

  test.each([
    ["7", 7],
    ["0", 1],
    [null, 5],
    ["soon", 5],
    ["-1", 5],
    ["999999999", 3600],
  ])("a 429 with Retry-After %s waits %i s", (retryAfter, retryAfterSeconds) => {
    expect(parse(429, "", retryAfter)).toEqual({ kind: "throttled", retryAfterSeconds });
  });

  test.each([
    ["a token without access_token", 200, { ...token, access_token: undefined }],
    ["an empty token", 200, { ...token, access_token: "" }],
    ["a token that is a number", 200, { ...token, access_token: 1 }],
    ["a lifetime that is a string", 200, { ...token, expires_in: "3600" }],
    ["no lifetime", 200, { ...token, expires_in: 0 }],
    ["a lifetime beyond all sense", 200, { ...token, expires_in: 1e12 }],
    ["no client id", 200, { ...token, client_id: null }],
    ["another status", 201, token],
    ["a redirect", 302, token],
    ["an error page of something in between", 404, "<html>not found</html>"],
    ["a 403 of something in between", 403, { message: "blocked" }],
    ["a refusal without a sentence", 403, { error: "access_denied" }],
    ["a 500", 500, refusal],
    ["a 503", 503, refusal],
    ["null", 200, null],
    ["an array", 200, [token]],
    ["nothing", 200, ""],
  ])("%s is no decision", (_name, status, body) => expect(parse(status, body).kind).toBe("unavailable"));

  const status = fc.constantFrom(200, 201, 302, 400, 401, 403, 404, 429, 500, 503);
  const fields = fc.dictionary(
    fc.constantFrom("access_token", "client_id", "expires_in", "error", "error_description", "error_code", "trace_id"),
    fc.oneof(fc.jsonValue(), fc.string(), fc.integer()),
  );
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.json(),
    fields.map((object) => JSON.stringify(object)),
  );
  property("never throws", [status, fc.option(fc.string()), text], (given, retryAfter, body) => {
    parseIssuerReply({ status: given, retryAfter, text: body });
    parseIdentityReply({ status: given, retryAfter, text: body });
  });
});

describe("parseIdentityReply", () => {
  const parseText = (status: number, text: string) => parseIdentityReply({ status, retryAfter: null, text }).kind;

  test.each([
    ["one identity", 200, '{"identities":[{"client_id":"0b6e"}]}', "confirmed"],
    ["none, which the issuer would refuse", 200, '{"identities":[]}', "unavailable"],
    ["another answer", 200, '{"active":true}', "unavailable"],
    ["the page of something in between", 200, "<html>", "unavailable"],
    ["a refusal", 400, JSON.stringify(refusal), "refused"],
    ["an issuer that is not ready", 503, JSON.stringify(refusal), "unavailable"],
  ])("%s", (_name, status, text, kind) => {
    expect(parseText(status, text)).toBe(kind);
  });
});
