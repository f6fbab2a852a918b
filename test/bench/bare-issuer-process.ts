/**
 * The floor that the issuer is measured against: the least that Node can do for a token over TLS. It reads the form and
 * signs a token of the usual claims with jose; it believes whatever it is sent. Its one argument is the issuer's folder.
 */
import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { CompactSign } from "jose";
import { generateSigningKeys } from "../../issuer/signing-keys.ts";
import type { IssuerMessage } from "./issuer-process.ts";
import { audiences } from "./issuer-world.ts";

const folder = process.argv[2] ?? ".";
const keys = await generateSigningKeys();
const uid = "5e7a2c1d-8a43-4f0e-9a57-3c1b6f2d9e10";
const named = { name: "app-0", uid };
const bound = { namespace: "team-0", pod: named, serviceaccount: named, node: { name: "node-1" } };
const ids = { sub: uid, oid: uid, azp: uid, tid: uid, jti: uid };

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const audience = new URLSearchParams(Buffer.concat(chunks).toString()).get("audience") ?? "";
  const { algorithm, kid, privateKey } = keys[audience === audiences.ES256 ? "ES256" : "RS256"];
  const issuedAt = Math.floor(Date.now() / 1000);
  const times = { iat: issuedAt, nbf: issuedAt, exp: issuedAt + 3600 };
  const claims = {
    iss: "https://localhost",
    aud: audience,
    ...ids,
    ...times,
    roles: ["reader"],
    "kubernetes.io": bound,
  };
  const token = await new CompactSign(Buffer.from(JSON.stringify(claims)))
    .setProtectedHeader({ alg: algorithm, kid, typ: "at+jwt" })
    .sign(privateKey);
  const body = JSON.stringify({ access_token: token, token_type: "Bearer", expires_in: 3600 });
  response.writeHead(200, { "content-type": "application/json", "content-length": body.length });
  response.end(body);
}

const server = createServer(
  { key: readFileSync(join(folder, "key.pem")), cert: readFileSync(join(folder, "cert.pem")) },
  (request, response) => void answer(request, response),
);
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  process.send?.({ kind: "ready", port } satisfies IssuerMessage);
});
process.on("disconnect", () => process.exit());
