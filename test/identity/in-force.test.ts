import { describe, expect, test } from "vitest";
import { includes, nextChange, periodOf } from "../../identity/in-force.ts";
import type { AnyRoleAssignment } from "../../identity/role-assignment.ts";
import { roleAssignment } from "./builders.ts";

const begin = Date.parse("2026-12-01T00:00:00Z");
const end = Date.parse("2026-12-02T00:00:00Z");
const limited = roleAssignment(
  "6f0c",
  {},
  { notBefore: "2026-12-01T00:00:00Z", expiresAt: "2026-12-02T01:00:00+01:00" },
);
const forEver = roleAssignment("6f0c");
const isInForce = (assignment: AnyRoleAssignment, now: number): boolean => includes(periodOf(assignment), now);

describe("an assignment is in force from its beginning until just before its end", () => {
  test.each([
    [begin - 1, false, begin],
    [begin, true, end],
    [end - 1, true, end],
    [end, false, undefined],
  ])("at %d: %s, until %s", (now, inForce, until) => {
    expect([isInForce(limited, now), nextChange(limited, now)]).toEqual([inForce, until]);
  });

  test("one without times always is", () => {
    expect([isInForce(forEver, 0), nextChange(forEver, 0)]).toEqual([true, undefined]);
  });

  test("one that is being deleted never is", () => {
    const deleted = { ...limited, metadata: { ...limited.metadata, deletionTimestamp: "2026-12-01T00:00:00Z" } };
    expect(isInForce(deleted, begin)).toBe(false);
  });
});
