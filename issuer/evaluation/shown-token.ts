import type { TenantId } from "../../identity/ids.ts";
import { type Refusal, refusals } from "../../identity/reasons.ts";
import type { VerifyAccessToken } from "../access-token.ts";
import { type StandingFacts, tokenStanding } from "../token-standing.ts";
import type { EvaluationRequest } from "./evaluation-request.ts";

export interface ShownTokens extends StandingFacts {
  readonly verifyAccessToken: VerifyAccessToken;
}

/**
 * A question may bring the access token that its subject showed (`subject.properties.access_token`): one request then
 * says what introspection and a decision would say in two. Undefined when there is none, or when it still stands and is
 * the subject's own.
 */
export async function shownTokenRefusal(
  { subject }: Pick<EvaluationRequest, "subject">,
  tenant: TenantId,
  facts: ShownTokens,
): Promise<Refusal | undefined> {
  const token = subject.properties?.access_token;
  if (token === undefined) return undefined;
  const claims = await facts.verifyAccessToken(token);
  if (claims === undefined || claims.sub !== subject.id) return refusals.TokenInactive();
  const standing = await tokenStanding(claims, tenant, facts);
  return standing.kind === "good" ? undefined : refusals.TokenInactive();
}
