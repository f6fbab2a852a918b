import type { PodIdentity } from "../../identity/claims.ts";
import { refusals } from "../../identity/reasons.ts";
import type { TokenBuckets } from "../../kube/token-bucket.ts";
import { Refused } from "../endpoint.ts";

export interface RateLimits {
  readonly perPod: TokenBuckets;
  readonly perNamespace: TokenBuckets;
}

/**
 * Comes right after authentication: the buckets are those of a pod that proved who it is, so that nobody empties
 * another's, and what is behind is protected from a pod that asks in a loop. The vault is exempt: it asks for many, and
 * limits each of them by verified identity and namespace, so that no caller of it uses up what all callers share.
 */
export function enforceRateLimit({ perPod, perNamespace }: RateLimits, exempt: readonly string[] = []) {
  return ({ caller }: { readonly caller: PodIdentity }): object | Refused => {
    if (exempt.includes(caller.namespace)) return {};
    const wait = perPod.take(caller.pod.uid) || perNamespace.take(caller.namespace);
    return wait === 0 ? {} : new Refused(refusals.RateLimited(wait), wait);
  };
}
