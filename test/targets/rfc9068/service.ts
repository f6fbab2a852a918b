/** Verifies tokens with oauth4webapi's validator for RFC 9068. The tests of test/targets start it with ISSUER and PORT. */
import { createServer } from "node:http";
import { allowInsecureRequests, validateJwtAccessToken } from "oauth4webapi";

const { ISSUER: issuer = "", PORT: port } = process.env;
const audience = "https://forecasts.forecasts.svc";
const role = "forecast-reader";

async function answer(authorization: string): Promise<readonly [status: number, body: object]> {
  // A server description of its own for each request, so that no keys are kept.
  const server = { issuer, jwks_uri: `${issuer}/keys` };
  const request = new Request(audience, { headers: { authorization } });
  const options = { [allowInsecureRequests]: true, signingAlgorithms: ["RS256"] };
  try {
    const { roles, xms_mirid: caller } = await validateJwtAccessToken(server, request, audience, options);
    if (!Array.isArray(roles) || !roles.includes(role)) return [403, { error: `the role ${role} is missing` }];
    return [200, { caller }];
  } catch (error) {
    return error instanceof TypeError ? [503, { error: "no keys" }] : [401, { error: "the token is not valid here" }];
  }
}

const server = createServer((request, response) => {
  void answer(request.headers.authorization ?? "").then(([status, body]) => {
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
});
server.listen(Number(port), "127.0.0.1", () => console.log(`listening on http://127.0.0.1:${port}`));
