import { canonicalAudience } from "../identity/audience.ts";
import { bearerToken } from "../kube/bearer-token.ts";
import type { Log } from "../kube/log.ts";
import type { Authority, Caller, Unavailable } from "./authority.ts";
import { challenge } from "./protocol/challenge.ts";
import { type VaultError, vaultErrors } from "./protocol/vault-error.ts";
import type { VaultResource } from "./vault-directory.ts";
import type { VaultRequest } from "./vault-request.ts";

interface Authentication {
  readonly authority: Authority;
  readonly log: Pick<Log, "warn">;
  readonly issuerUrl: string;
  readonly tenantId: string;
}

export interface Authenticated {
  readonly caller: Caller;
  readonly token: string;
}

/** Who asks: the token is one that the issuer still stands by, and it is for an audience of this vault. */
export async function authenticate(
  request: VaultRequest,
  vault: VaultResource,
  { authority, log, ...issuer }: Authentication,
): Promise<Authenticated | VaultError> {
  const refuse = (sentence: string): VaultError =>
    vaultErrors.Unauthorized(sentence, challenge({ ...issuer, audiences: vault.audiences, host: request.host ?? "" }));
  const [authorization, ...others] = request.authorizations;
  if (others.length > 0) return refuse("There are several Authorization headers: send one.");
  const token = bearerToken(authorization);
  if (token === undefined) return refuse("There is no bearer token: get one where WWW-Authenticate says.");
  const standing = await authority.standing(token, request.traceId);
  if (standing.kind === "unavailable") return unavailable(standing, request, log);
  if (standing.kind === "inactive") {
    return refuse("The access token is not good: the issuer did not sign it, or it has ended or was revoked.");
  }
  const { caller } = standing;
  if (!vault.audiences.includes(canonicalAudience(caller.audience))) {
    return refuse("The access token is for another audience: get one where WWW-Authenticate says.");
  }
  return { caller, token };
}

/** Nothing is allowed that the issuer did not allow now. */
export function unavailable(
  { detail, retryAfterSeconds }: Unavailable,
  { traceId }: Pick<VaultRequest, "traceId">,
  log: Pick<Log, "warn">,
): VaultError {
  log.warn({ traceId, detail }, "The issuer could not be asked.");
  return vaultErrors.ServiceUnavailable("The issuer cannot be asked for its decision", retryAfterSeconds);
}
