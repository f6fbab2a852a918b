import type { z } from "zod";
import { mergeConditions, type Observation } from "../../identity/condition.ts";
import { findings } from "../../identity/findings.ts";
import { clientIdOf, principalId, resourceIdOf, type TenantId } from "../../identity/ids.ts";
import type { ManagedIdentity, managedIdentityStatusSchema } from "../../identity/managed-identity.ts";
import { isUsable, type Stored } from "../../kube/stored.ts";
import { fails, holds, invalid } from "../observation.ts";

export interface Observed {
  readonly identity: Stored<ManagedIdentity>;
  /** `NAMESPACE/NAME` of each ServiceAccount that spec.subjects names and that does not exist. */
  readonly missingSubjects: readonly string[];
  readonly tenant: TenantId;
}

type ManagedIdentityStatus = z.infer<typeof managedIdentityStatusSchema>;

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
  if (!isUsable(identity)) return [invalid(identity)];
  if (identity.spec.type === "SystemAssigned") return [ready(identity)];
  return [subjectsFound(missingSubjects), ready(identity)];
}

/** Subjects may come later, and one that is missing takes nothing from the others: it does not make the identity unready. */
function subjectsFound(missing: readonly string[]): Observation {
  return missing.length === 0
    ? holds("SubjectsFound", findings.SubjectsFound())
    : fails("SubjectsFound", findings.SubjectsNotFound(missing));
}

function ready({ spec }: ManagedIdentity): Observation {
  if (spec.disabled) return fails("Ready", findings.Disabled());
  if (spec.workload !== undefined) {
    return holds("Ready", findings.Ready(`Pods of ${spec.workload.kind} ${spec.workload.name} may use this identity.`));
  }
  if ((spec.subjects ?? []).length === 0) return fails("Ready", findings.NoSubjects());
  return holds("Ready", findings.Ready("Pods of its subjects may use this identity."));
}
