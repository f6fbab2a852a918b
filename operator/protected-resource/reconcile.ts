import type { z } from "zod";
import { audienceOwners, canonicalAudience } from "../../identity/audience.ts";
import { mergeConditions, type Observation } from "../../identity/condition.ts";
import { findings } from "../../identity/findings.ts";
import type { ProtectedResource, protectedResourceStatusSchema } from "../../identity/protected-resource.ts";
import { keyText } from "../../kube/kind.ts";
import { isUsable, type Stored } from "../../kube/stored.ts";
import { fails, holds, invalid } from "../observation.ts";

export interface Observed {
  readonly resource: Stored<ProtectedResource>;
  /** Every resource that names one of its audiences, in whatever spelling; itself among them. */
  readonly claimants: readonly ProtectedResource[];
}

type ProtectedResourceStatus = z.infer<typeof protectedResourceStatusSchema>;

export function reconcileProtectedResource({ resource, claimants }: Observed, now: Date): ProtectedResourceStatus {
  if (!isUsable(resource)) return statusOf(resource, [], [invalid(resource)], now);
  const conflicts = conflictsOf(resource, claimants);
  const lost = new Set(conflicts.map(({ audience }) => audience));
  const owned = resource.spec.audiences.filter((audience) => !lost.has(audience));
  return statusOf(resource, owned, [ready(conflicts)], now);
}

/** An audience that is written on a resource and belongs to an older one. */
interface Conflict {
  readonly audience: string;
  readonly owner: ProtectedResource;
}

function conflictsOf(resource: ProtectedResource, claimants: readonly ProtectedResource[]): Conflict[] {
  const owners = audienceOwners(claimants);
  return resource.spec.audiences.flatMap((audience) => {
    const owner = owners.get(canonicalAudience(audience));
    return owner === undefined || owner.metadata.uid === resource.metadata.uid ? [] : [{ audience, owner }];
  });
}

function statusOf(
  { metadata, status }: Stored<ProtectedResource>,
  audiences: string[],
  observations: readonly Observation[],
  now: Date,
): ProtectedResourceStatus {
  const at = { now, generation: metadata.generation ?? 0 };
  return { audiences, conditions: mergeConditions(status?.conditions ?? [], observations, at) };
}

function ready(conflicts: readonly Conflict[]): Observation {
  if (conflicts.length === 0) return holds("Ready", findings.Ready("Every audience belongs to this resource."));
  return fails("Ready", findings.AudienceConflict(conflicts.map(conflictText)));
}

function conflictText({ audience, owner }: Conflict): string {
  return `${audience} (${keyText(owner.metadata)})`;
}
