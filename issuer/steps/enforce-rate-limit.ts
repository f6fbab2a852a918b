import type { PodIdentity } from "../../identity/claims.ts";
import { refusals } from "../../identity/reasons.ts";
import type { TokenBuckets } from "../../kube/token-bucket.ts";
import { Refused } from "../endpoint.ts";
import { issuerLimits } from "../limits.ts";
import type { Account } from "../work.ts";

export interface RateLimits {
  readonly perPod: TokenBuckets;
  readonly perNamespace: TokenBuckets;
}

/**
 * Comes right after authentication: the buckets are those of a pod that proved who it is, so that nobody empties
 * another's, and what is behind is protected from a pod that asks in a loop. The vault is exempt: it asks for many, and
 * limits each of them by verified identity and namespace, so that no caller of it uses up what all callers share.
 */
export function enforceRateLimit(limits: RateLimits, exempt: readonly string[] = []) {
  return ({ caller }: { readonly caller: PodIdentity }): { readonly account: Account } | Refused => {
    if (exempt.includes(caller.namespace)) return { account: exemptAccount };
    const { perPod, perNamespace } = limits;
    const wait = perPod.take(caller.pod.uid) || perNamespace.take(caller.namespace);
    return wait === 0 ? { account: accountOf(caller, limits) } : new Refused(refusals.RateLimited(wait), wait);
  };
}

const exemptAccount: Account = { charge: () => {}, overdrawnSeconds: () => 0 };

/** Steps are charged as the requests that they are worth. */
function accountOf({ pod, namespace }: PodIdentity, { perPod, perNamespace }: RateLimits): Account {
  return {
    charge(steps) {
      const requests = requestsWorth(steps);
      perPod.charge(pod.uid, requests);
      perNamespace.charge(namespace, requests);
    },
    overdrawnSeconds: () => perPod.overdrawn(pod.uid) || perNamespace.overdrawn(namespace),
  };
}

export const requestsWorth = (steps: number): number => Math.floor(steps / issuerLimits.stepsPerRequest);
