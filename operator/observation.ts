import type { Observation } from "../identity/condition.ts";
import { type Finding, findings } from "../identity/findings.ts";
import type { Unusable } from "../kube/stored.ts";

/** A finding as a condition that holds. */
export function holds(type: string, finding: Finding): Observation {
  return { type, status: "True", reason: finding.code, message: finding.sentence };
}

/** A finding as a condition that does not hold. */
export function fails(type: string, finding: Finding): Observation {
  return { type, status: "False", reason: finding.code, message: finding.sentence };
}

export function invalid({ unusable }: Unusable): Observation {
  return fails("Ready", findings.Invalid(unusable));
}
