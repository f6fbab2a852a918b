import type { PodIdentity } from "../../identity/claims.ts";
import type { TenantId } from "../../identity/ids.ts";
import { type Evaluation, type EvaluationFacts, evaluate } from "./evaluate.ts";
import type { Semantics } from "./evaluation-request.ts";
import type { ParsedEvaluation } from "./parse-evaluation.ts";

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
export function evaluateAll(facts: EvaluationFacts) {
  return async ({ evaluations, batch = "execute_all", tenantId, caller }: Context): Promise<Decided> => {
    const decisions: Evaluation[] = [];
    for (const asked of evaluations) {
      const evaluation = await evaluate({ asked, caller, tenant: tenantId }, facts);
      decisions.push(evaluation);
      if (evaluation.decision === last[batch]) break;
    }
    return { decisions };
  };
}
