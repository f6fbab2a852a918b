import type { z } from "zod";
import { mergeConditions } from "../../identity/condition.ts";
import type { RoleDefinition, roleDefinitionStatusSchema } from "../../identity/role-definition.ts";
import type { Stored } from "../stored.ts";
import { ready } from "./conditions.ts";

export type RoleDefinitionStatus = z.infer<typeof roleDefinitionStatusSchema>;

export function reconcileRoleDefinition(role: Stored<RoleDefinition>, now: Date): RoleDefinitionStatus {
  const generation = role.metadata.generation ?? 0;
  return { conditions: mergeConditions(role.status?.conditions ?? [], [ready(role)], { now, generation }) };
}
