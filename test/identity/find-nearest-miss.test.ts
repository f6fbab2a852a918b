import { describe, expect, test } from "vitest";
import { type AssignedRole, assignedRole } from "../../identity/assigned-role.ts";
import { ConditionJudge } from "../../identity/condition-judge.ts";
import { type Denial, findNearestMiss } from "../../identity/find-nearest-miss.ts";
import { HeldRoles } from "../../identity/held-roles.ts";
import type { RoleAssignment } from "../../identity/role-assignment.ts";
import { clusterScope, resourceScope } from "../../identity/scope.ts";
import { inSeconds, now, roleAssignment } from "./builders.ts";

const principal = "6f0c1d2e-3b4a-4c5d-8e6f-7a8b9c0d1e2f";
const denial: Denial = {
  scope: resourceScope("payments", "vault"),
  wanted: new Set(["secrets-reader"]),
  judge: new ConditionJudge({ now }),
  within: clusterScope,
};

type Spec = Partial<RoleAssignment["spec"]>;
type Held = (at: number) => Spec;

const expired: Spec = { roleDefinition: "secrets-reader", resource: "vault", expiresAt: inSeconds(-1) };

/** How often the search looks at an assignment, or at whether a role exists, when the principal has so many. */
function looks(count: number, held: Held, notPinned: Held): number {
  let looked = 0;
  const look = <T>(answer: T): T => {
    looked += 1;
    return answer;
  };
  const watched = (spec: Spec): AssignedRole => {
    const assigned = assignedRole(roleAssignment(principal, {}, spec));
    if (assigned === undefined) throw new Error("The scope of a test's assignment is none.");
    const { period, ...others } = assigned;
    return {
      ...others,
      get period() {
        return look(period);
      },
    };
  };
  const roles = new HeldRoles();
  for (let at = 0; at < count; at++) roles.put(`${at}`, watched(held(at)));
  const named = Array.from({ length: count }, (_, at) => watched(notPinned(at)));
  findNearestMiss(denial, { held: roles, notPinned: named, roleExists: () => look(true) });
  return looked;
}

const nothing: Held = () => ({ ...expired, roleDefinition: "nothing", resource: "elsewhere" });

describe("what a denial costs does not grow with", () => {
  test.each<[string, Held, Held]>([
    ["assignments that would allow it, were they in force", () => expired, nothing],
    ["assignments of other roles", () => ({ ...expired, roleDefinition: "queue-sender" }), nothing],
    ["other roles", (at) => ({ ...expired, roleDefinition: `role-${at}` }), nothing],
    ["assignments at another scope", () => ({ ...expired, resource: "other-vault" }), nothing],
    ["other scopes", (at) => ({ ...expired, resource: `vault-${at}` }), nothing],
    ["assignments to an earlier identity of its name", nothing, () => expired],
  ])("%s", (_what, held, notPinned) => {
    expect(looks(3000, held, notPinned)).toBe(looks(1000, held, notPinned));
  });
});
