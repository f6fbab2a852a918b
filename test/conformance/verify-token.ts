import { createRemoteJWKSet, type JWTPayload, jwtVerify } from "jose";

/**
 * Checks a token as a protected service does: keys and issuer from OIDC discovery, then signature, issuer, audience
 * and time. https://openid.net/specs/openid-connect-discovery-1_0.html
 */
export async function verifyToken(
  token: string,
  issuer: string,
  audience: string,
  at = new Date(),
): Promise<JWTPayload> {
  const discovery = await fetch(`${issuer}/.well-known/openid-configuration`);
  const metadata: { issuer: string; jwks_uri: string } = JSON.parse(await discovery.text());
  const keys = createRemoteJWKSet(new URL(metadata.jwks_uri));
  const { payload } = await jwtVerify(token, keys, { issuer: metadata.issuer, audience, currentDate: at });
  return payload;
}
