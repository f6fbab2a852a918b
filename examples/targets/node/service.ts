/** A service that verifies its callers' tokens with jose and the issuer's public keys, and lets in who has the role. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from "jose";

const { ISSUER: issuer = "http://127.0.0.1:8400", HOST: host = "127.0.0.1", PORT: port = "8080" } = process.env;
const audience = "https://inventory.inventory.svc";
const role = "stock-reader";

// Fetched with the first token, so the issuer may start later; again for a key id that is not among them, each 5 s at most.
const keys = createRemoteJWKSet(new URL(`${issuer}/keys`), { cooldownDuration: 5000 });
const expected = { issuer, audience, algorithms: ["RS256"], typ: "at+jwt", requiredClaims: ["exp", "sub"] };

interface Reply {
  readonly status: number;
  readonly body: object;
}

async function answer(authorization = ""): Promise<Reply> {
  try {
    const { payload } = await jwtVerify(authorization.replace(/^Bearer /i, ""), keys, expected);
    if (!hasRole(payload)) return { status: 403, body: { error: `the role ${role} is missing` } };
    return { status: 200, body: { stock: { apples: 12, pears: 7 }, caller: payload.xms_mirid } };
  } catch (error) {
    if (isRefusal(error)) return { status: 401, body: { error: "the token is missing or not valid here" } };
    return { status: 503, body: { error: "the issuer's keys cannot be read, so nobody can be let in" } };
  }
}

const hasRole = ({ roles }: JWTPayload): boolean => Array.isArray(roles) && roles.includes(role);

/** Of the token, not of the way to the keys. */
function isRefusal(error: unknown): boolean {
  return error instanceof errors.JOSEError && !(error instanceof errors.JWKSTimeout);
}

const server = createServer(async (request, response) => {
  const { status, body } = await answer(request.headers.authorization);
  response.writeHead(status, { "content-type": "application/json" }).end(`${JSON.stringify(body)}\n`);
});
server.listen(Number(port), host, () => {
  console.log(`listening on http://${host}:${(server.address() as AddressInfo).port}`);
});
