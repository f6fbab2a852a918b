import type { Standing } from "./assigned-role.ts";
import type { AnyRoleAssignment } from "./role-assignment.ts";
import type { Scope } from "./scope.ts";

/** Why an assignment does not allow what was asked. */
export type MissKind =
  | Exclude<Standing, "inForce">
  | "principalReplaced"
  | "principalPending"
  | "roleMissing"
  | "otherScope"
  | "otherAction";

/** The assignment that comes nearest to allowing what was asked, and what it lacks. */
export interface NearestMiss {
  readonly kind: MissKind;
  readonly assignment: AnyRoleAssignment;
  /** Name of its role definition. */
  readonly role: string;
  readonly scope: Scope;
}
