import type { Condition, Observation } from "../../identity/condition.ts";
import { type Finding, findings } from "../../identity/findings.ts";
import { objectText } from "../object-name.ts";
import { fails, holds } from "../observation.ts";
import type { BindingManifest } from "./binding.ts";
import { KUBERNETES_ROLE_BOUND } from "./bound-condition.ts";
import type { Outcome } from "./ensure-binding.ts";
import type { Decision } from "./reconcile.ts";

/** What is to be said on an assignment of its binding: a condition that stays, and an Event when something happened. */
export interface Report {
  readonly observation?: Observation;
  readonly event?: Finding;
}

/** `outcome` is what came of the decision to bind; `before` is the condition as it stands. */
export function reportOf(decision: Decision, outcome: Outcome, before: Condition | undefined): Report {
  switch (decision.kind) {
    case "none":
      return {};
    case "withheld":
      return problem(decision.finding, before);
    case "bind":
      return outcome.kind === "refused" ? problem(outcome.finding, before) : bound(decision.binding, outcome, before);
  }
}

/** A binding that the condition speaks of already, and that had to be written all the same, was tampered with. */
function bound(
  binding: BindingManifest,
  outcome: Exclude<Outcome, { kind: "refused" }>,
  before: Condition | undefined,
): Report {
  const text = objectText({ kind: binding.kind, ...binding.metadata });
  const finding = findings.KubernetesRoleBound(text, binding.roleRef.name);
  const observation = holds(KUBERNETES_ROLE_BOUND, finding);
  const wasSaid = before?.status === "True" && before.message === finding.sentence;
  if (outcome.kind === "unchanged" || !wasSaid) return { observation };
  return { observation, event: findings.BindingRestored(text, outcome.wasFound) };
}

function problem(finding: Finding, before: Condition | undefined): Report {
  const observation = fails(KUBERNETES_ROLE_BOUND, finding);
  return before?.reason === finding.code ? { observation } : { observation, event: finding };
}
