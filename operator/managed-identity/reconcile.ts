import type { z } from "zod";
import { mergeConditions, type Observation } from "../../identity/condition.ts";
import { clientIdOf, principalId, resourceIdOf, type TenantId } from "../../identity/ids.ts";
import type { ManagedIdentity, managedIdentityStatusSchema } from "../../identity/managed-identity.ts";
import { isUsable, type Stored } from "../stored.ts";
import { invalid, ready, subjectsFound } from "./conditions.ts";

export interface Observed {
  readonly identity: Stored<ManagedIdentity>;
  /** `NAMESPACE/NAME` of each ServiceAccount that spec.subjects names and that does not exist. */
  readonly missingSubjects: readonly string[];
  readonly tenant: TenantId;
}

export type ManagedIdentityStatus = z.infer<typeof managedIdentityStatusSchema>;

export function reconcileManagedIdentity(observed: Observed, now: Date): ManagedIdentityStatus {
  const { metadata, status } = observed.identity;
  const principal = principalId(metadata.uid);
  return {
    principalId: principal,
    clientId: clientIdOf(principal, observed.tenant),
    tenantId: observed.tenant,
    resourceId: resourceIdOf({ namespace: metadata.namespace ?? "", name: metadata.name }),
    conditions: mergeConditions(status?.conditions ?? [], observations(observed), {
      now,
      generation: metadata.generation ?? 0,
    }),
  };
}

function observations({ identity, missingSubjects }: Observed): Observation[] {
  if (!isUsable(identity)) return [invalid(identity.unusable)];
  if (identity.spec.type === "SystemAssigned") return [ready(identity)];
  return [subjectsFound(missingSubjects), ready(identity)];
}
