/**
 * The protected service. It shares no secret with anybody: it verifies a caller's token with the issuer's public keys
 * (found by OIDC discovery), lets in who has the role, and asks the issuer whether the token was revoked meanwhile.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createRemoteJWKSet, type JWTPayload, jwtVerify } from "jose";

const issuer = process.env.ISSUER ?? "http://127.0.0.1:8400";
const audience = "https://inventory.inventory.svc";
const role = "stock-reader";
const stock = { apples: 12, pears: 7 };

const discovery = await fetch(`${issuer}/.well-known/openid-configuration`);
const metadata = (await discovery.json()) as { readonly jwks_uri: string; readonly introspection_endpoint: string };
const keys = createRemoteJWKSet(new URL(metadata.jwks_uri));

interface Reply {
  readonly status: number;
  readonly body: object;
}

async function answer(authorization: string | undefined): Promise<Reply> {
  const token = authorization?.replace(/^Bearer /i, "") ?? "";
  const claims = await verify(token);
  if (claims === undefined) return { status: 401, body: { error: "the token is missing or not valid here" } };
  if (!rolesOf(claims).includes(role)) return { status: 403, body: { error: `the role ${role} is missing` } };
  if (!(await isActive(token))) return { status: 401, body: { error: "the access was revoked" } };
  return { status: 200, body: { stock, caller: claims } };
}

/** Offline: signature, issuer, audience and times. */
async function verify(token: string): Promise<JWTPayload | undefined> {
  try {
    return (await jwtVerify(token, keys, { issuer, audience })).payload;
  } catch {
    return undefined;
  }
}

function rolesOf({ roles }: JWTPayload): readonly unknown[] {
  return Array.isArray(roles) ? roles : [];
}

/** Online (RFC 7662): false as soon as the role assignment, the identity or the pod is gone. */
async function isActive(token: string): Promise<boolean> {
  const response = await fetch(metadata.introspection_endpoint, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    body: new URLSearchParams({ token }),
  });
  return response.ok && ((await response.json()) as { readonly active: boolean }).active;
}

const server = createServer(async (request, response) => {
  const { status, body } = await answer(request.headers.authorization);
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
});
server.listen(Number(process.env.PORT ?? 8080), process.env.HOST ?? "127.0.0.1", () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
