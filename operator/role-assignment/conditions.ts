import type { Observation } from "../../identity/condition.ts";
import { annotations } from "../../identity/names.ts";
import { type Finding, findings } from "../../identity/reasons.ts";
import { keyText } from "../../kube/kind.ts";
import { type ObjectName, objectText } from "../object-name.ts";
import { fails, holds } from "../observation.ts";

export function ready(what: string): Observation {
  return holds("Ready", findings.Ready(what));
}

export function notReady(finding: Finding): Observation {
  return fails("Ready", finding);
}

/** `known` are the identities of that namespace, as `NAMESPACE/NAME`: one may be what was meant. */
export function principalNotFound(reference: ObjectName, known: readonly string[]): Finding {
  if (reference.kind === "ManagedIdentity") return findings.PrincipalNotFound(keyText(reference), known);
  const workload = `${objectText(reference)}, which annotation ${annotations.systemAssigned}: "true" gives it,`;
  return findings.PrincipalNotFound(`The system-assigned identity of ${workload}`, []);
}

export function principalGone(reference: ObjectName, pinned: string, current: string | undefined): Finding {
  const name = principalText(reference);
  return current === undefined
    ? findings.PrincipalDeleted(name, pinned)
    : findings.PrincipalReplaced(name, pinned, current);
}

function principalText(reference: ObjectName): string {
  const text = objectText(reference);
  return reference.kind === "ManagedIdentity" ? text : `The system-assigned identity of ${text}`;
}
