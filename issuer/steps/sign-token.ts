import { CompactSign } from "jose";
import type { TokenClaims } from "../../identity/claims.ts";
import type { SigningKeys } from "../signing-keys.ts";
import type { Granted } from "./authorize-audience.ts";

interface Context {
  readonly granted: Pick<Granted, "algorithm" | "tokenType">;
  readonly claims: TokenClaims;
}

/**
 * Signs on the thread pool, so that the event loop goes on. `typ` says that this is an access token (RFC 9068 §2.1),
 * unless the resource wants JWT. The claims are complete, so that SignJWT, which copies and checks them, would only cost a twentieth of the rate.
 */
export function signToken(keys: SigningKeys) {
  return async ({ granted, claims }: Context): Promise<{ readonly accessToken: string }> => {
    const { algorithm, kid, privateKey } = keys[granted.algorithm];
    const header = { alg: algorithm, kid, typ: granted.tokenType };
    const payload = Buffer.from(JSON.stringify(claims));
    return { accessToken: await new CompactSign(payload).setProtectedHeader(header).sign(privateKey) };
  };
}
