import { issuerLimits } from "../limits.ts";
import type { Account } from "../work.ts";
import type { ParsedEvaluation } from "./parse-evaluation.ts";

interface Context extends Pick<ParsedEvaluation, "evaluations"> {
  readonly account: Account;
}

/** The limits are on decisions: a batch was let in as one of them, and is charged the others. */
export function chargeBatch({ account, evaluations }: Context): object {
  account.charge((evaluations.length - 1) * issuerLimits.stepsPerRequest);
  return {};
}
