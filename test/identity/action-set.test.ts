import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ActionSet, segmentsOf } from "../../identity/action-set.ts";
import { property } from "../support/property.ts";

const covered = (patterns: readonly string[], action: string): boolean =>
  new ActionSet(patterns).has(segmentsOf(action));

/** A pattern in the words of another language. */
function expression(pattern: string): RegExp {
  const words: Readonly<Record<string, string>> = { "*": "[^/]+", "**": ".+" };
  return new RegExp(
    `^${pattern
      .split("/")
      .map((segment) => words[segment] ?? segment)
      .join("/")}$`,
  );
}

describe("ActionSet", () => {
  test.each([
    ["secrets/read", "secrets/read", true],
    ["secrets/read", "secrets/write", false],
    ["secrets/read", "Secrets/read", false],
    ["secrets/read", "secrets/read/all", false],
    ["secrets/read", "secrets", false],
    ["*", "read", true],
    ["*", "secrets/read", false],
    ["*/read", "secrets/read", true],
    ["*/read", "read", false],
    ["queues/*/send", "queues/orders/send", true],
    ["queues/*/send", "queues/send", false],
    ["queues/*/send", "queues/orders/eu/send", false],
    ["queues/**", "queues/send", true],
    ["queues/**", "queues/orders/send", true],
    ["queues/**", "queues", false],
    ["queues/**", "queuesx/send", false],
    ["*/**", "queues", false],
    ["**", "read", true],
    ["**", "queues/orders/send", true],
  ])("%s covers %s: %s", (pattern, asked, covers) => expect(covered([pattern], asked)).toBe(covers));

  const segment = fc.constantFrom("a", "b", "c-d");
  const actions = fc.array(segment, { minLength: 1, maxLength: 5 }).map((segments) => segments.join("/"));

  const patterns = fc
    .tuple(fc.array(fc.constantFrom("a", "b", "c-d", "*"), { minLength: 1, maxLength: 4 }), fc.boolean())
    .map(([fixed, open]) => [...fixed, ...(open ? ["**"] : [])].join("/"));

  property("an action covers itself, and ** covers all", [actions], (action) => {
    return covered([action], action) && covered(["**"], action);
  });
  property("a star in the place of one segment covers at least as much", [actions, fc.nat(4)], (action, at) => {
    const segments = action.split("/");
    return covered([segments.with(at % segments.length, "*").join("/")], action);
  });
  property(
    "a set covers what one of its patterns does as a regular expression",
    [fc.array(patterns, { maxLength: 6 }), actions],
    (patterns, action) => covered(patterns, action) === patterns.some((pattern) => expression(pattern).test(action)),
  );
});
