import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isAction, isActionPattern } from "../../identity/action.ts";
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

const texts = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom("a", "/", "*", "-", ".") }));
property("no text makes a parser throw, and an action is a pattern too", [texts], (text) => {
  return !isAction(text) || isActionPattern(text);
});
