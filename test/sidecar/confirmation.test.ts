import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseConfirmation } from "../../sidecar/confirmation.ts";
import { property } from "../support/property.ts";

const jwtWith = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.c2ln`;
const reader = jwtWith({ roles: ["reader"], name: "ä�" });
const reply = (status: number, body: unknown) => ({ status, retryAfter: null, text: JSON.stringify(body) });

describe("what the issuer says of a kept token", () => {
  test.each([
    {
      given: "active, with the roles that it says",
      says: reply(200, { active: true, roles: ["reader"] }),
      then: "unchanged",
    },
    { given: "not active", says: reply(200, { active: false }), then: "changed" },
    { given: "a role less", says: reply(200, { active: true, roles: [] }), then: "changed" },
    { given: "a role more", says: reply(200, { active: true, roles: ["reader", "writer"] }), then: "changed" },
    { given: "this pod may not ask any more", says: reply(401, { error: "invalid_client" }), then: "changed" },
    {
      given: "the issuer finds fault with the ServiceAccount token alone",
      says: reply(401, { error: "invalid_client", error_code: "SubjectTokenIssuer" }),
      then: "unknown",
    },
    {
      given: "the pod is gone",
      says: reply(401, { error: "invalid_client", error_code: "PodNotFound" }),
      then: "changed",
    },
    { given: "a 401 that is not the issuer's", says: reply(401, { message: "log in" }), then: "unknown" },
    { given: "too many requests", says: reply(429, { error: "slow_down" }), then: "unknown" },
    { given: "a failure", says: reply(503, { error: "temporarily_unavailable" }), then: "unknown" },
    {
      given: "a page of something in between",
      says: { status: 200, retryAfter: null, text: "<html>" },
      then: "unknown",
    },
    { given: "no word about active", says: reply(200, {}), then: "unknown" },
  ])("$given: $then", ({ says, then }) => expect(parseConfirmation(says, reader)).toBe(then));

  test("a token without roles is confirmed by a reply without roles", () => {
    expect(parseConfirmation(reply(200, { active: true }), jwtWith({ sub: "6f0c" }))).toBe("unchanged");
  });

  property(
    "is always one of three words, whatever was replied and kept",
    [fc.integer({ min: 100, max: 599 }), fc.oneof(fc.string(), fc.json()), fc.oneof(fc.string(), fc.constant(reader))],
    (status, text, jwt) => {
      expect(["unchanged", "changed", "unknown"]).toContain(parseConfirmation({ status, retryAfter: null, text }, jwt));
    },
  );
});
