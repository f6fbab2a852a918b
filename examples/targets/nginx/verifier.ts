/** Answers nginx's auth_request: is this token good here, and has its identity the role that the place asks for? */
import { createServer, type IncomingMessage } from "node:http";
import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from "jose";

const { ISSUER: issuer = "http://127.0.0.1:8400", SOCKET: socket = "verifier.sock" } = process.env;
const audience = "https://ledger.ledger.svc";

// Fetched with the first token, so the issuer may start later; again for a key id that is not among them, each 5 s at most.
const keys = createRemoteJWKSet(new URL(`${issuer}/keys`), { cooldownDuration: 5000 });
const expected = { issuer, audience, algorithms: ["RS256"], typ: "at+jwt", requiredClaims: ["exp", "sub"] };

interface Verdict {
  readonly status: 204 | 401 | 403 | 503;
  readonly headers: Readonly<Record<string, string>>;
}

async function judge({ headers }: IncomingMessage): Promise<Verdict> {
  try {
    const { payload } = await jwtVerify((headers.authorization ?? "").replace(/^Bearer /i, ""), keys, expected);
    if (!hasRole(payload, headers["x-required-role"])) return { status: 403, headers: {} };
    return { status: 204, headers: { "x-identity": String(payload.xms_mirid) } };
  } catch (error) {
    return isRefusal(error) ? { status: 401, headers: { "www-authenticate": "Bearer" } } : { status: 503, headers: {} };
  }
}

function hasRole({ roles }: JWTPayload, role: unknown): boolean {
  return typeof role === "string" && Array.isArray(roles) && roles.includes(role);
}

/** Of the token, not of the way to the keys. */
function isRefusal(error: unknown): boolean {
  return error instanceof errors.JOSEError && !(error instanceof errors.JWKSTimeout);
}

const server = createServer(async (request, response) => {
  const { status, headers } = await judge(request);
  response.writeHead(status, headers).end();
});
server.listen(socket, () => console.log(`listening on ${socket}`));
