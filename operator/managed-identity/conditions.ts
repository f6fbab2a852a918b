import type { Observation } from "../../identity/condition.ts";
import type { ManagedIdentity } from "../../identity/managed-identity.ts";
import { findings } from "../../identity/reasons.ts";
import { fails, holds } from "../observation.ts";

/** Subjects may come later, and one that is missing takes nothing from the others: it does not make the identity unready. */
export function subjectsFound(missing: readonly string[]): Observation {
  return missing.length === 0
    ? holds("SubjectsFound", findings.SubjectsFound())
    : fails("SubjectsFound", findings.SubjectsNotFound(missing));
}

export function ready({ spec }: ManagedIdentity): Observation {
  if (spec.disabled) return fails("Ready", findings.Disabled());
  if (spec.workload !== undefined) {
    return holds("Ready", findings.Ready(`Pods of ${spec.workload.kind} ${spec.workload.name} may use this identity.`));
  }
  if ((spec.subjects ?? []).length === 0) return fails("Ready", findings.NoSubjects());
  return holds("Ready", findings.Ready("Pods of its subjects may use this identity."));
}

export function invalid(what: string): Observation {
  return fails("Ready", findings.Invalid(what));
}
