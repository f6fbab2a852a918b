/**
 * The protected service. It shares no secret with anybody: it verifies a caller's token with the issuer's public keys
 * (found by OIDC discovery), lets in who has the role, and asks the issuer whether the token was revoked meanwhile.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";
import { createRemoteJWKSet, type JWTPayload, jwtVerify } from "jose";

const issuer = process.env.ISSUER ?? "http://127.0.0.1:8400";
const audience = "https://inventory.inventory.svc";
const role = "stock-reader";
const stock = { apples: 12, pears: 7 };

const metadata = await discover();
const keys = createRemoteJWKSet(new URL(metadata.jwks_uri));

/** The issuer may come later than this service, or be away for a moment. */
async function discover(): Promise<{ readonly jwks_uri: string; readonly introspection_endpoint: string }> {
  for (;;) {
    const response = await fetch(`${issuer}/.well-known/openid-configuration`).catch(() => undefined);
    if (response?.ok === true) return (await response.json()) as Awaited<ReturnType<typeof discover>>;
    await setTimeout(500);
  }
}

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
  // What cannot be decided is refused: an issuer that is away lets nobody in, and ends nothing.
  const { status, body } = await answer(request.headers.authorization).catch((error: Error) => ({
    status: 503,
    body: { error: `the issuer cannot be asked: ${error.message}` },
  }));
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
});
const host = process.env.HOST ?? "127.0.0.1";
server.listen(Number(process.env.PORT ?? 8080), host, () => {
  console.log(`http://${host}:${(server.address() as AddressInfo).port}`);
});
