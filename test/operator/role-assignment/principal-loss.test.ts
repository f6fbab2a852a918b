import { describe, expect, test } from "vitest";
import type { RoleAssignment } from "../../../identity/role-assignment.ts";
import { identityDeleted } from "../../../operator/role-assignment/principal-loss.ts";
import { roleAssignment } from "../../identity/builders.ts";
import { notReadyBecause } from "../builders.ts";

const principal = "6f0c1d2e-3b4a-4c5d-8e6f-7a8b9c0d1e2f";
const named = (name: string): RoleAssignment => roleAssignment(principal, { name });
const [first, second] = [named("a"), named("b")];
const told = { ...first, status: { principalId: principal, conditions: [notReadyBecause("PrincipalDeleted")] } };

describe("a deleted identity is reported", () => {
  test.each([
    { by: "the first of its assignments, for all", assignment: first, all: [second, first], reports: true },
    { by: "no other", assignment: second, all: [second, first], reports: false },
    { by: "nobody once the first says so", assignment: told, all: [told, second], reports: false },
    { by: "nobody again through the others", assignment: second, all: [told, second], reports: false },
  ])("by $by", ({ assignment, all, reports }) => {
    expect(identityDeleted(assignment, all) !== undefined).toBe(reports);
  });

  test("with each assignment that names it", () => {
    expect(identityDeleted(first, [second, first])?.sentence).toContain(
      "RoleAssignment payments/a, RoleAssignment payments/b.",
    );
  });

  test("with a count where there are many", () => {
    const many = Array.from({ length: 25 }, (_, index) => named(`a${index + 10}`));
    const [one = first] = many;
    expect(identityDeleted(one, many)?.sentence).toContain("payments/a19, 15 more.");
  });
});
