import { expect, test } from "vitest";
import { generated, hostileForm, hostileJson, hostilePath, hostileToken } from "./generated.ts";

test.each([
  ["JSON", hostileJson],
  ["tokens", hostileToken],
  ["forms", hostileForm],
  ["paths", hostilePath],
])("hostile %s are the same in every run, and many", (_what, arbitrary) => {
  const [once, again] = [generated(arbitrary), generated(arbitrary)];
  const rounds = Array.from({ length: 200 }, (_, round) => round);
  expect(rounds.map(once)).toEqual(rounds.map(again));
  expect(new Set(rounds.map(once)).size).toBeGreaterThan(50);
});

test("a path starts with a slash, as node:http demands", () => {
  const paths = generated(hostilePath);
  expect(Array.from({ length: 200 }, (_, round) => paths(round)).every((path) => /^\/[\x21-\x7e]*$/.test(path))).toBe(
    true,
  );
});
