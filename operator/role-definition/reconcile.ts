import type { z } from "zod";
import { mergeConditions, type Observation } from "../../identity/condition.ts";
import { findings } from "../../identity/findings.ts";
import type { RoleDefinition, roleDefinitionStatusSchema } from "../../identity/role-definition.ts";
import { isUsable, type Stored } from "../../kube/stored.ts";
import { holds, invalid } from "../observation.ts";

type RoleDefinitionStatus = z.infer<typeof roleDefinitionStatusSchema>;

export function reconcileRoleDefinition(role: Stored<RoleDefinition>, now: Date): RoleDefinitionStatus {
  const generation = role.metadata.generation ?? 0;
  return { conditions: mergeConditions(role.status?.conditions ?? [], [ready(role)], { now, generation }) };
}

function ready(role: Stored<RoleDefinition>): Observation {
  return isUsable(role) ? holds("Ready", findings.Ready("This role can be assigned.")) : invalid(role);
}
