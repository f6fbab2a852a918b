import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseDurationSeconds, tokenLifetimeSchema } from "../../identity/duration.ts";
import { property } from "../support/property.ts";

describe("parseDurationSeconds", () => {
  test.each([
    ["1h", 3600],
    ["90m", 5400],
    ["1h30m", 5400],
    ["1h0m1s", 3601],
    ["600s", 600],
    ["0s", 0],
    ["24h", 86_400],
  ])("%s is %d s", (text, seconds) => expect(parseDurationSeconds(text)).toBe(seconds));

  test.each([
    "",
    "h",
    "1",
    "1d",
    "1H",
    "1.5h",
    "-1h",
    "+1h",
    "30m1h",
    "1h 30m",
    " 1h",
    "1h\n",
    "1h1h",
    "1ms",
    "1234567s",
    "١h",
  ])("%j is none", (text) => expect(parseDurationSeconds(text)).toBeUndefined());

  const texts = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom("1", "0", "h", "m", "s", "-", " ") }));
  property("does not throw, and gives a whole number of seconds or nothing", [texts], (text) => {
    const seconds = parseDurationSeconds(text);
    return seconds === undefined || (Number.isSafeInteger(seconds) && seconds >= 0);
  });

  const parts = fc.nat(999_999);
  property("hours, minutes and seconds add up", [parts, parts, parts], (hours, minutes, seconds) => {
    return parseDurationSeconds(`${hours}h${minutes}m${seconds}s`) === hours * 3600 + minutes * 60 + seconds;
  });
});

describe("a token's lifetime", () => {
  test.each(["10m", "600s", "1h", "90m", "24h", "1440m"])("%s is one", (text) => {
    expect(tokenLifetimeSchema.safeParse(text).success).toBe(true);
  });

  test.each(["9m59s", "599s", "24h1s", "1441m", "0s", "", "1d", "forever"])("%j is none: 10m to 24h", (text) => {
    const parsed = tokenLifetimeSchema.safeParse(text);
    expect(parsed.error?.issues[0]?.message).toMatch(/^expected a duration from 10m to 24h/);
  });
});
