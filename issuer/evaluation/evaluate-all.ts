import type { PodIdentity } from "../../identity/claims.ts";
import type { TenantId } from "../../identity/ids.ts";
import { refusals } from "../../identity/reasons.ts";
import { Refused } from "../endpoint.ts";
import { type Account, Work } from "../work.ts";
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
  readonly account: Account;
}

interface Decided {
  readonly decisions: readonly Evaluation[];
}

/**
 * Decides in order, up to the one that settles the batch: that one is in the reply, and those after it are not. Each is
 * charged by what it took, and other requests go on in between. A caller that owes too much gets no further.
 */
export function evaluateAll(facts: EvaluationFacts & ShownTokens) {
  return async (context: Context): Promise<Decided | Refused> => {
    const { evaluations, batch = "execute_all", tenantId: tenant, caller } = context;
    const work = new Work(context.account);
    const decisions: Evaluation[] = [];
    for (const asked of evaluations) {
      const wait = work.overdrawnSeconds;
      if (wait > 0) return new Refused(refusals.RateLimited(wait), wait);
      const evaluation = await evaluateShown({ asked, caller, tenant }, facts, work);
      decisions.push(evaluation);
      if (evaluation.decision === last[batch]) break;
    }
    return { decisions };
  };
}

/**
 * A caller that is told nothing of the identity is told nothing of its token either. The token is a separate
 * question with its own limits: it may be for another audience and from another pod, so that the two cannot share what
 * was judged, and a token that is valid must not fail because a decision used up its steps.
 */
async function evaluateShown(
  question: Question,
  facts: EvaluationFacts & ShownTokens,
  work: Work,
): Promise<Evaluation> {
  const evaluation = await work.question((meter) => evaluate({ ...question, meter }, facts));
  if (evaluation.context.reason_code === "CallerUnrelated") return evaluation;
  const { asked, tenant } = question;
  if (asked.subject.properties?.access_token === undefined) return evaluation;
  const refusal = await work.question((meter) => shownTokenRefusal(asked, tenant, { ...facts, meter }));
  const { decision, context } = refusal === undefined ? evaluation : denied(refusal);
  return { decision, context: { ...context, token_checked: true } };
}
