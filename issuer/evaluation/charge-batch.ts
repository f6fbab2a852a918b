import type { PodIdentity } from "../../identity/claims.ts";
import type { RateLimits } from "../steps/enforce-rate-limit.ts";
import type { ParsedEvaluation } from "./parse-evaluation.ts";

interface Context extends Pick<ParsedEvaluation, "evaluations"> {
  readonly caller: PodIdentity;
}

/** The limits are on decisions: a batch was let in as one of them, and is charged the others. */
export function chargeBatch({ perPod, perNamespace }: RateLimits) {
  return ({ caller, evaluations }: Context): object => {
    const others = evaluations.length - 1;
    perPod.charge(caller.pod.uid, others);
    perNamespace.charge(caller.namespace, others);
    return {};
  };
}
