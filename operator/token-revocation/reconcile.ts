import type { z } from "zod";
import { mergeConditions, type Observation } from "../../identity/condition.ts";
import { LONGEST_LIFETIME_SECONDS } from "../../identity/duration.ts";
import { findings } from "../../identity/findings.ts";
import { isTokenId } from "../../identity/token-id.ts";
import {
  MOST_REVOCATIONS_OF_A_NAMESPACE,
  type TokenRevocation,
  type tokenRevocationStatusSchema,
} from "../../identity/token-revocation.ts";
import { isUsable, type Stored } from "../../kube/stored.ts";
import { fails, holds, invalid } from "../observation.ts";

export interface Observed {
  readonly revocation: Stored<TokenRevocation>;
  /** Names of identities in its namespace: the one that it names if that exists, or some that may be meant. */
  readonly identities: readonly string[];
  /** Whether its namespace has more revocations than are told apart. */
  readonly areTooMany: boolean;
}

type TokenRevocationStatus = z.infer<typeof tokenRevocationStatusSchema>;

/** An issuer that learns of a revocation late signs one more token that does not know of it. */
const MARGIN_SECONDS = 600;

/** When no token is left that it could concern, in milliseconds since the epoch. */
export function isOverAt({ metadata }: Stored<TokenRevocation>): number {
  return Date.parse(metadata.creationTimestamp) + (LONGEST_LIFETIME_SECONDS + MARGIN_SECONDS) * 1000;
}

export function reconcileTokenRevocation(observed: Observed, now: Date): TokenRevocationStatus {
  const { metadata, status } = observed.revocation;
  const at = { now, generation: metadata.generation ?? 0 };
  return { conditions: mergeConditions(status?.conditions ?? [], [ready(observed)], at) };
}

/** A pod that ended is no mistake: its tokens are worth nothing anyway. An identity of that name may never have been. */
function ready({ revocation, identities, areTooMany }: Observed): Observation {
  if (!isUsable(revocation)) return invalid(revocation);
  if (areTooMany) return holds("Ready", findings.TooManyRevocations(MOST_REVOCATIONS_OF_A_NAMESPACE));
  const { managedIdentity, pod, tokenId } = revocation.spec;
  if (managedIdentity !== undefined && !identities.includes(managedIdentity)) {
    return fails("Ready", findings.RevokedIdentityNotFound(managedIdentity, identities));
  }
  if (tokenId !== undefined && !isTokenId(tokenId)) return fails("Ready", findings.NotATokenId(tokenId));
  const whose = managedIdentity ?? (pod === undefined ? undefined : `pod ${pod.name}`);
  const what =
    whose === undefined
      ? `The token with the id ${tokenId}, if an identity of this namespace has one, is`
      : `Every token of ${whose} from before this object is`;
  return holds("Ready", findings.Ready(`${what} revoked.`));
}
