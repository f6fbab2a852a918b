import { audited } from "../../identity/audit-records.ts";
import type { Clock } from "../../kube/clock.ts";
import { type Audit, auditHead } from "../audit.ts";
import type { RequestContext } from "../request-context.ts";
import type { Evaluation } from "./evaluate.ts";
import type { EvaluationRequest } from "./evaluation-request.ts";
import type { ParsedEvaluation } from "./parse-evaluation.ts";

interface Context extends RequestContext, Pick<ParsedEvaluation, "evaluations"> {
  readonly decisions: readonly Evaluation[];
}

/** No decision leaves without its audit record; a batch has one for each. */
export function recordDecisions(endpoint: string, { audit, clock }: { readonly audit: Audit; readonly clock: Clock }) {
  return ({ request, notes, evaluations, decisions }: Context): object => {
    const head = auditHead({ endpoint, request, notes }, clock);
    for (const [index, evaluation] of decisions.entries()) {
      const asked = evaluations[index];
      if (asked !== undefined) audit({ event: "decision", ...head, ...question(asked), ...answer(evaluation) });
    }
    return {};
  };
}

function question({ subject, action, resource }: EvaluationRequest) {
  const subresource = resource.properties?.subresource;
  return {
    subject: audited(subject.id),
    action: audited(action.name),
    resource: audited(resource.id),
    ...(subresource === undefined ? {} : { subresource: audited(subresource) }),
  };
}

function answer({ decision, context }: Evaluation) {
  const { reason_code: reason, reason: _sentence, token_checked: _checked, ...grant } = context;
  return { decision: decision ? "allowed" : "denied", ...(reason === undefined ? {} : { reason }), ...grant } as const;
}
