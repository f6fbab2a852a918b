import { refusals } from "../../identity/reasons.ts";
import { bearerToken } from "../../kube/bearer-token.ts";
import type { Clock } from "../../kube/clock.ts";
import { TokenBuckets } from "../../kube/token-bucket.ts";
import { Refused } from "../endpoint.ts";
import { parseForm } from "../form.ts";
import type { HttpRequest } from "../http-message.ts";
import type { IssuerSettings } from "../settings.ts";
import { requestsWorth } from "../steps/enforce-rate-limit.ts";
import type { Account } from "../work.ts";
import type { IntrospectionReply } from "./introspect-token.ts";

/** Whether a request shows, as its credential, the very token that it asks about. */
export function asksAboutItself({ headers, body }: Pick<HttpRequest, "headers" | "body">): boolean {
  const shown = bearerToken(headers.authorization);
  if (shown === undefined) return false;
  const form = parseForm(body);
  return form.kind === "parsed" && form.parameters.get("token") === shown;
}

/**
 * A token that asks about itself proves nothing about the sender: a service may ask about its caller's token in this
 * way. The request is therefore charged to its source address, never to the pod that the token was issued to.
 */
export function limitBySourceAddress({ rateLimits }: Pick<IssuerSettings, "rateLimits">, clock: Clock) {
  const perAddress = new TokenBuckets(rateLimits.selfIntrospectionsPerAddress, clock);
  return ({ request }: { readonly request: Pick<HttpRequest, "sourceAddress"> }): { account: Account } | Refused => {
    const { sourceAddress } = request;
    const wait = perAddress.take(sourceAddress);
    const account: Account = {
      charge: (steps) => perAddress.charge(sourceAddress, requestsWorth(steps)),
      overdrawnSeconds: () => perAddress.overdrawn(sourceAddress),
    };
    return wait === 0 ? { account } : new Refused(refusals.RateLimited(wait), wait);
  };
}

/** A token that is not good is no credential either (RFC 6750 §3.1), also where it asks about itself. */
export function requireActive({ introspection }: { readonly introspection: IntrospectionReply }): object | Refused {
  return introspection.active ? {} : new Refused(refusals.AccessTokenInvalid("it asked about itself and is not good"));
}
