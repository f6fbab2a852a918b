import type { PodIdentity } from "../../identity/claims.ts";
import type { TenantId } from "../../identity/ids.ts";
import { denied, type Evaluation, type EvaluationFacts, evaluate, type Question } from "./evaluate.ts";
import type { Semantics } from "./evaluation-request.ts";
import type { ParsedEvaluation } from "./parse-evaluation.ts";
import { type ShownTokens, shownTokenRefusal } from "./shown-token.ts";

/** The decision after which the others need not be made (AuthZEN §7.1.2.1); none for execute_all. */
const last: Readonly<Record<Semantics, boolean | undefined>> = {
  execute_all: undefined,
  deny_on_first_deny: false,
  permit_on_first_permit: true,
};

interface Context extends ParsedEvaluation {
  readonly tenantId: TenantId;
  readonly caller: PodIdentity;
}

interface Decided {
  readonly decisions: readonly Evaluation[];
}

/** Decides in order, up to the one that settles the batch: that one is in the reply, and those after it are not. */
export function evaluateAll(facts: EvaluationFacts & ShownTokens) {
  return async ({ evaluations, batch = "execute_all", tenantId, caller }: Context): Promise<Decided> => {
    const decisions: Evaluation[] = [];
    for (const asked of evaluations) {
      const evaluation = await evaluateShown({ asked, caller, tenant: tenantId }, facts);
      decisions.push(evaluation);
      if (evaluation.decision === last[batch]) break;
    }
    return { decisions };
  };
}

/** A caller that is told nothing of the identity is told nothing of its token either. */
async function evaluateShown(question: Question, facts: EvaluationFacts & ShownTokens): Promise<Evaluation> {
  const evaluation = await evaluate(question, facts);
  if (evaluation.context.reason_code === "CallerUnrelated") return evaluation;
  const refusal = await shownTokenRefusal(question.asked, question.tenant, facts);
  return refusal === undefined ? evaluation : denied(refusal);
}
