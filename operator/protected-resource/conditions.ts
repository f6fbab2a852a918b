import type { Observation } from "../../identity/condition.ts";
import type { ProtectedResource } from "../../identity/protected-resource.ts";
import { findings } from "../../identity/reasons.ts";
import { keyText } from "../../kube/kind.ts";
import { fails, holds } from "../observation.ts";

/** An audience that is written on a resource and belongs to an older one. */
export interface Conflict {
  readonly audience: string;
  readonly owner: ProtectedResource;
}

export function ready(conflicts: readonly Conflict[]): Observation {
  if (conflicts.length === 0) return holds("Ready", findings.Ready("Every audience belongs to this resource."));
  return fails("Ready", findings.AudienceConflict(conflicts.map(conflictText)));
}

export function invalid(what: string): Observation {
  return fails("Ready", findings.Invalid(what));
}

function conflictText({ audience, owner }: Conflict): string {
  return `${audience} (${keyText(owner.metadata)})`;
}
