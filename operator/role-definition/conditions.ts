import type { Observation } from "../../identity/condition.ts";
import { findings } from "../../identity/reasons.ts";
import type { RoleDefinition } from "../../identity/role-definition.ts";
import { fails, holds } from "../observation.ts";
import { isUsable, type Stored } from "../stored.ts";

export function ready(role: Stored<RoleDefinition>): Observation {
  return isUsable(role)
    ? holds("Ready", findings.Ready("This role can be assigned."))
    : fails("Ready", findings.Invalid(role.unusable));
}
