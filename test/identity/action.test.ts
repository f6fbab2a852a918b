import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { actionMatches, isAction, isActionPattern } from "../../identity/action.ts";
import { property } from "../support/property.ts";

describe("isActionPattern", () => {
  test.each([
    "read",
    "secrets/read",
    "*",
    "**",
    "queues/*/send",
    "queues/**",
    "*/read",
    "*/*/read",
    "*/**",
    "a.b-c_d/E1",
  ])("%s is a pattern", (text) => expect(isActionPattern(text)).toBe(true));
  test.each([
    "",
    "/",
    "/read",
    "secrets/",
    "secrets//read",
    "**/read",
    "queues/**/send",
    "se*/read",
    "***",
    "secrets read",
    "-a",
    "a-",
    "é",
    "secrets/read\n",
    "a".repeat(257),
  ])("%j is none", (text) => expect(isActionPattern(text)).toBe(false));
});

describe("isAction", () => {
  test.each(["read", "secrets/read", "queues/orders/send", "Microsoft.KeyVault/vaults/secrets/read"])(
    "%s is an action",
    (text) => expect(isAction(text)).toBe(true),
  );
  test.each(["", "*", "**", "secrets/*", "queues/**", "/read", "read/", "a//b", "a".repeat(257)])(
    "%j is none: a target asks about one thing",
    (text) => expect(isAction(text)).toBe(false),
  );
});

describe("actionMatches", () => {
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
  ])("%s covers %s: %s", (pattern, asked, covers) => expect(actionMatches(pattern, asked)).toBe(covers));

  const segment = fc.constantFrom("a", "b", "c-d");
  const actions = fc.array(segment, { minLength: 1, maxLength: 5 }).map((segments) => segments.join("/"));

  property("an action covers itself, and ** covers all", [actions], (action) => {
    return actionMatches(action, action) && actionMatches("**", action);
  });
  property("a star in the place of one segment covers at least as much", [actions, fc.nat(4)], (action, at) => {
    const segments = action.split("/");
    return actionMatches(segments.with(at % segments.length, "*").join("/"), action);
  });
  property(
    "a pattern covers what the same pattern as a regular expression does",
    [fc.array(fc.constantFrom("a", "b", "*"), { minLength: 1, maxLength: 4 }), fc.boolean(), actions],
    (fixed, open, action) => {
      const pattern = [...fixed, ...(open ? ["**"] : [])].join("/");
      const reference = new RegExp(
        `^${fixed.map((part) => (part === "*" ? "[^/]+" : part)).join("/")}${open ? "/.+" : ""}$`,
      );
      return actionMatches(pattern, action) === reference.test(action);
    },
  );
});

const texts = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom("a", "/", "*", "-", ".") }));
property("no text makes a parser throw, and an action is a pattern too", [texts], (text) => {
  return !isAction(text) || isActionPattern(text);
});
