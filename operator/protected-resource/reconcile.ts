import type { z } from "zod";
import { audienceOwners, canonicalAudience } from "../../identity/audience.ts";
import { mergeConditions, type Observation } from "../../identity/condition.ts";
import { findings } from "../../identity/findings.ts";
import type { ProtectedResource, protectedResourceStatusSchema } from "../../identity/protected-resource.ts";
import { serviceNamespaceOf } from "../../identity/service-audience.ts";
import { keyText } from "../../kube/kind.ts";
import type { Stored } from "../../kube/stored.ts";
import { audiencesOf, isUsableResource, type StoredResource } from "../../kube/stored-resource.ts";
import { fails, holds, invalid } from "../observation.ts";

export interface Observed {
  readonly resource: StoredResource;
  /** Every resource that names one of its audiences, in whatever spelling; itself among them. */
  readonly claimants: readonly StoredResource[];
}

type ProtectedResourceStatus = z.infer<typeof protectedResourceStatusSchema>;

export function reconcileProtectedResource({ resource, claimants }: Observed, now: Date): ProtectedResourceStatus {
  // It keeps what it owns until it is corrected: another resource must not take it in between.
  if (!isUsableResource(resource))
    return statusOf(resource, resource.status?.audiences ?? [], [invalid(resource)], now);
  const conflicts = conflictsOf(resource, claimants);
  const lost = new Set(conflicts.map(({ audience }) => audience));
  const owned = resource.spec.audiences.filter((audience) => !lost.has(audience));
  return statusOf(resource, owned, [ready(conflicts)], now);
}

/** An audience that is written on a resource and belongs to another, or to the namespace of its Service. */
interface Conflict {
  readonly audience: string;
  readonly owner: StoredResource | undefined;
}

function conflictsOf(resource: ProtectedResource, claimants: readonly StoredResource[]): Conflict[] {
  const owners = audienceOwners(claimants, audiencesOf);
  return resource.spec.audiences.flatMap((audience) => {
    const owner = owners.get(canonicalAudience(audience));
    return owner?.metadata.uid === resource.metadata.uid ? [] : [{ audience, owner }];
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
  if (owner !== undefined) return `${audience} (${keyText(owner.metadata)})`;
  return `${audience} (a Service of namespace ${serviceNamespaceOf(audience)})`;
}
