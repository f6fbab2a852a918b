import { describe, expect, test } from "vitest";
import { protectedResourceSpecSchema } from "../../identity/protected-resource.ts";
import { specProblems } from "./spec-problems.ts";

const audience = "https://payments-vault.payments.svc";
const problems = (spec: object): string[] => specProblems("ProtectedResource", { audiences: [audience], ...spec });
const form =
  "audiences.0: expected printable ASCII without spaces and with no slash in front, such as https://orders.shop.svc; got";

test("by default a role is required, and tokens are signed with what every library verifies", () => {
  const spec = { audiences: [audience] };
  expect(protectedResourceSpecSchema.parse(spec)).toEqual({
    ...spec,
    assignmentRequired: true,
    signingAlgorithm: "RS256",
    tokenType: "at+jwt",
  });
});

describe("a spec that is right", () => {
  test.each<[string, object]>([
    ["one audience", {}],
    [
      "audiences of other forms",
      { audiences: ["api://orders", "6f0c1d2e-3b4a-4c5d-8e6f-7a8b9c0d1e2f", "https://a.svc/"] },
    ],
    ["everything said", { assignmentRequired: false, signingAlgorithm: "ES256", maxTokenLifetime: "30m" }],
  ])("%s", (_given, spec) => expect(problems(spec)).toEqual([]));
});

describe("a spec that is wrong", () => {
  test.each<[string, object, string]>([
    ["no audience", { audiences: [] }, "audiences: expected at least 1 item"],
    ["no list", { audiences: audience }, "audiences: expected a list, got a string"],
    ["the same audience twice", { audiences: [audience, audience] }, "audiences: expected each audience once"],
    [
      "too many",
      { audiences: Array.from({ length: 33 }, (_none, at) => `a${at}`) },
      "audiences: expected at most 32 items",
    ],
    ["an empty audience", { audiences: [""] }, `${form} ""`],
    ["a space in it", { audiences: ["https://a.svc b"] }, `${form} "https://a.svc b"`],
    ["a letter that only looks like another", { audiences: ["https://vаult.svc"] }, `${form} "https://vаult.svc"`],
    ["only slashes, which compare as nothing", { audiences: ["//"] }, `${form} "//"`],
    ["too long", { audiences: ["a".repeat(513)] }, "audiences.0: expected at most 512 characters"],
    [
      "an algorithm in lower case",
      { signingAlgorithm: "rs256" },
      'signingAlgorithm: expected one of "RS256", "ES256"; got "rs256". Did you mean "RS256"?',
    ],
    [
      "no signature at all",
      { signingAlgorithm: "none" },
      'signingAlgorithm: expected one of "RS256", "ES256"; got "none"',
    ],
    ["too long a lifetime", { maxTokenLifetime: "25h" }, "maxTokenLifetime: expected a duration from 10m to 24h"],
  ])("%s", (_given, spec, problem) => expect(problems(spec)).toContain(problem));
});
