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

/**
 * Who asks: the issuer signed the token, it has not expired, and it is for an audience of this vault. All of this the
 * vault finds out by itself, so that tokens which are none cost the issuer nothing.
 */
export async function authenticate(
  request: VaultRequest,
  vault: VaultResource,
  { authority, log, ...issuer }: Authentication,
): Promise<Authenticated | VaultError> {
  const refuse = (sentence: string): VaultError => unauthorized(sentence, request, vault, issuer);
  const [authorization, ...others] = request.authorizations;
  if (others.length > 0) return refuse("There are several Authorization headers: send one.");
  const token = bearerToken(authorization);
  if (token === undefined) return refuse("There is no bearer token: get one where WWW-Authenticate says.");
  const checked = await authority.verify(token);
  if (checked.kind === "unavailable") return unavailable(checked, request, log);
  if (checked.kind === "invalid") {
    return refuse("The access token is invalid: the issuer did not sign it, or it has expired. Get a new one.");
  }
  const { caller } = checked;
  if (!vault.audiences.includes(canonicalAudience(caller.audience))) {
    return refuse("The access token is for another audience: get one where WWW-Authenticate says.");
  }
  return { caller, token };
}

/** Says why a request needs another token, and where to get one. */
export function unauthorized(
  sentence: string,
  { host = "" }: Pick<VaultRequest, "host">,
  { audiences }: Pick<VaultResource, "audiences">,
  issuer: Pick<Authentication, "issuerUrl" | "tenantId">,
): VaultError {
  return vaultErrors.Unauthorized(sentence, challenge({ ...issuer, audiences, host }));
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
