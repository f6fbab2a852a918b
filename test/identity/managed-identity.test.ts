import { describe, expect, test } from "vitest";
import { reservedClaims } from "../../identity/claim-names.ts";
import { specProblems } from "./spec-problems.ts";

const problems = (spec: unknown): string[] => specProblems("ManagedIdentity", spec);
const workload = { apiVersion: "apps/v1", kind: "Deployment", name: "web", uid: "5b0e4d7a" };
const many = <T>(count: number, item: (at: number) => T): T[] => Array.from({ length: count }, (_none, at) => item(at));
const claims = (count: number): Record<string, string> => Object.fromEntries(many(count, (at) => [`claim-${at}`, "x"]));

describe("a spec that is right", () => {
  test.each<[string, object]>([
    ["empty: nobody may use it", {}],
    [
      "user-assigned with subjects here and elsewhere",
      {
        type: "UserAssigned",
        subjects: [{ serviceAccount: "orders" }, { serviceAccount: "reports.v2", namespace: "analytics" }],
      },
    ],
    ["system-assigned, as the operator makes it", { type: "SystemAssigned", workload }],
    [
      "with a lifetime and claims",
      { token: { lifetime: "90m", claims: { team: "shop", "https://example.com/tags": "a b" } } },
    ],
    ["with as many subjects as there may be", { subjects: many(1000, () => ({ serviceAccount: "a" })) }],
    ["with as many claims as there may be", { token: { claims: claims(32) } }],
    [
      "with a claim as long as it may be, in letters beyond ASCII",
      { token: { claims: { ["a".repeat(128)]: "🪪".repeat(1024) } } },
    ],
  ])("%s", (_given, spec) => expect(problems(spec)).toEqual([]));
});

describe("a spec that is wrong", () => {
  const workloadMisplaced =
    "workload: workload is set exactly when type is SystemAssigned, and only by the operator: use subjects instead";
  test.each<[string, object, string]>([
    ["system-assigned without a workload", { type: "SystemAssigned" }, workloadMisplaced],
    ["user-assigned with a workload", { workload }, workloadMisplaced],
    [
      "system-assigned with subjects",
      { type: "SystemAssigned", workload, subjects: [{ serviceAccount: "a" }] },
      "subjects: a SystemAssigned identity has no subjects: its workload alone may use it",
    ],
    [
      "too many subjects",
      { subjects: many(1001, () => ({ serviceAccount: "a" })) },
      "subjects: expected at most 1000 items",
    ],
    [
      "a namespace with a dot",
      { subjects: [{ serviceAccount: "a", namespace: "a.b" }] },
      'subjects.0.namespace: expected a namespace name of lower-case letters, digits and "-", such as "shop"; got "a.b"',
    ],
    [
      "a workload of something that is not a kind",
      { type: "SystemAssigned", workload: { ...workload, kind: "deployments" } },
      'workload.kind: expected a kind, such as Deployment; got "deployments"',
    ],
    [
      "a lifetime that is none",
      { token: { lifetime: "1 hour" } },
      'token.lifetime: expected a duration from 10m to 24h, such as "1h" or "90m"; got "1 hour"',
    ],
    ["too short a lifetime", { token: { lifetime: "5m" } }, "token.lifetime: expected a duration from 10m to 24h"],
    ["too many claims", { token: { claims: claims(33) } }, "token.claims: expected at most 32 claims"],
    [
      "a claim without a name",
      { token: { claims: { "": "x" } } },
      "token.claims.: this name cannot be used: expected a claim name of 1 to 128 printable ASCII characters without spaces",
    ],
    [
      "too long a claim name",
      { token: { claims: { ["a".repeat(129)]: "x" } } },
      `token.claims.${"a".repeat(129)}: this name cannot be used: expected a claim name of 1 to 128 printable ASCII characters without spaces`,
    ],
    [
      "a claim name that only looks like a reserved one",
      { token: { claims: { ro\u043ees: "x" } } },
      "token.claims.ro\u043ees: this name cannot be used: expected a claim name of 1 to 128 printable ASCII characters without spaces",
    ],
    [
      "too long a claim",
      { token: { claims: { a: "x".repeat(1025) } } },
      "token.claims.a: expected at most 1024 characters",
    ],
    [
      "a claim that is a number",
      { token: { claims: { cost: 7 } } },
      "token.claims.cost: expected a string, got a number: put it in quotes",
    ],
  ])("%s", (_given, spec, problem) => expect(problems(spec)).toContain(problem));

  test.each([...reservedClaims, "Roles", "SUB"])("the reserved claim %s", (name) => {
    const expected = `token.claims.${name}: names a reserved claim: choose another name`;
    expect(problems({ token: { claims: { [name]: "forged", team: "shop" } } })).toEqual([expected]);
  });
});
