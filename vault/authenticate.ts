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
  const problem = audienceProblem(canonicalAudience(caller.audience), vault);
  return problem === undefined ? { caller, token } : refuse(problem);
}

function audienceProblem(audience: string, { audiences, shared }: VaultResource): string | undefined {
  if (audiences.includes(audience)) return undefined;
  if (audience !== shared?.audience) {
    return "The access token is for another audience: get one where WWW-Authenticate says.";
  }
  if (shared.isRegistered) return undefined;
  return `No vault takes tokens for ${audience} yet: an administrator registers it with a ProtectedResource in the namespace that Lanyard is installed in.`;
}

/** Says why a request needs another token, and where to get one. */
export function unauthorized(
  sentence: string,
  { host = "" }: Pick<VaultRequest, "host">,
  { audiences, shared }: Pick<VaultResource, "audiences" | "shared">,
  issuer: Pick<Authentication, "issuerUrl" | "tenantId">,
): VaultError {
  const offered = shared === undefined ? audiences : [shared.audience];
  return vaultErrors.Unauthorized(sentence, challenge({ ...issuer, audiences: offered, host }));
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
