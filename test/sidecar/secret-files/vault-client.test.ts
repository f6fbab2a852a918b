import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { refusals } from "../../../sidecar/refusals.ts";
import { parseVaultReply } from "../../../sidecar/secret-files/parse-vault-reply.ts";
import type { SecretFile } from "../../../sidecar/secret-files/secret-file.ts";
import { createVaultClient, type GetToken } from "../../../sidecar/secret-files/vault-client.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { property } from "../../support/property.ts";

interface Received {
  readonly url: string | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
}

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

/** A vault that answers as it is told to, on a real socket. */
async function serving(answer: (response: ServerResponse, received: Received) => void) {
  const received: Received[] = [];
  const server = createServer(({ url, headers }, response) => {
    received.push({ url, headers });
    answer(response, { url, headers });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const vaultUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const file: SecretFile = { file: "a", vaultUrl, secret: "db-password", version: undefined };
  return { file, received };
}

const json = (response: ServerResponse, status: number, body: unknown, headers = {}): void =>
  void response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
const ID = "https://v/secrets/db-password/1";
const forbidden = { error: { code: "Forbidden", message: "No.", innererror: { code: "ForbiddenByRbac" } } };

function tokens() {
  const asked: string[] = [];
  const getToken: GetToken = async (audience, from) => {
    asked.push(`${audience} ${from}`);
    return { kind: "token", token: { jwt: from, clientId: "c", obtainedAt: 0, expiresAt: 3600 } };
  };
  return { asked, getToken };
}

const clientOf = (getToken: GetToken, clock = new FakeClock()) => createVaultClient({ getToken, fetch, clock });

describe("asking a vault for a secret", () => {
  test("sends the pod's token for it, and the tag of the last value", async () => {
    const { file, received } = await serving((response) =>
      json(response, 200, { value: "hunter2", id: ID }, { etag: '"1"' }),
    );
    const { asked, getToken } = tokens();
    const reply = await clientOf(getToken).read(file, '"0"');
    expect(reply).toEqual({ kind: "value", value: "hunter2", id: ID, tag: '"1"' });
    expect(asked).toEqual([`${file.vaultUrl} memory`]);
    expect(received).toMatchObject([
      {
        url: "/secrets/db-password/?api-version=7.5",
        headers: { authorization: "Bearer memory", "if-none-match": '"0"' },
      },
    ]);
  });

  test("names the version where one is asked for", async () => {
    const { file, received } = await serving((response) => json(response, 200, { value: "", id: ID }));
    await clientOf(tokens().getToken).read({ ...file, version: "abc" }, undefined);
    expect(received[0]?.url).toBe("/secrets/db-password/abc?api-version=7.5");
  });

  test("a token that the vault does not take any more is followed by a new one, once", async () => {
    const { file, received } = await serving((response, { headers }) =>
      headers.authorization === "Bearer issuer" ? json(response, 200, { value: "v", id: ID }) : json(response, 401, {}),
    );
    const { asked, getToken } = tokens();
    expect(await clientOf(getToken).read(file, undefined)).toMatchObject({ kind: "value" });
    expect([asked.map((line) => line.split(" ")[1]), received.length]).toEqual([["memory", "issuer"], 2]);
  });

  test.each([401, 403, 404])("status %i in the vault's own words is a refusal", async (status) => {
    const { file } = await serving((response) => json(response, status, forbidden));
    expect(await clientOf(tokens().getToken).read(file, undefined)).toEqual({
      kind: "refused",
      reason: { code: "ForbiddenByRbac", sentence: "No." },
    });
  });

  test.each<[string, (response: ServerResponse) => void]>([
    ["a page of something in between", (response) => void response.writeHead(403).end("<html>blocked</html>")],
    ["JSON without an error", (response) => json(response, 404, { message: "no route" })],
    ["an error of the server", (response) => json(response, 500, forbidden)],
    ["too many requests", (response) => json(response, 429, forbidden)],
    ["no JSON", (response) => void response.writeHead(200).end("hunter2")],
    ["JSON that is no secret", (response) => json(response, 200, ["value"])],
    ["a value that is no text", (response) => json(response, 200, { value: 7, id: ID })],
    ["half a surrogate pair", (response) => void response.writeHead(200).end(`{"value":"\\ud800","id":"${ID}"}`)],
    ["more than any secret holds", (response) => json(response, 200, { value: "a".repeat(300_000), id: ID })],
    ["an answer that breaks off", (response) => void response.writeHead(200).write("{", () => response.destroy())],
    ["nothing", (response) => void response.destroy()],
  ])("%s is no decision", async (_what, answer) => {
    const { file } = await serving(answer);
    const reply = await clientOf(tokens().getToken).read(file, undefined);
    expect(reply).toMatchObject({ kind: "unavailable", reason: { code: "VaultUnavailable" } });
    expect(JSON.stringify(reply)).not.toContain("hunter2");
  });

  test.each([301, 302, 307, 308])("a redirect (%i) is not followed: the token goes nowhere else", async (status) => {
    const thief = await serving((response) => json(response, 200, { value: "v", id: ID }));
    const { file } = await serving(
      (response) => void response.writeHead(status, { location: `${thief.file.vaultUrl}/secrets/a/` }).end(),
    );
    expect(await clientOf(tokens().getToken).read(file, undefined)).toMatchObject({ kind: "unavailable" });
    expect(thief.received).toEqual([]);
  });

  test("an answer that is slow is given up after 10 s", async () => {
    const asked = Promise.withResolvers<void>();
    const { file } = await serving(() => asked.resolve());
    const clock = new FakeClock();
    const reply = clientOf(tokens().getToken, clock).read(file, undefined);
    await asked.promise;
    await clock.advance(10_000);
    expect(await reply).toMatchObject({ kind: "unavailable" });
    expect(clock.pending).toBe(0);
  });

  test("a 429 with a time is waited for", async () => {
    const { file } = await serving((response) => json(response, 429, {}, { "retry-after": "7" }));
    expect(await clientOf(tokens().getToken).read(file, undefined)).toMatchObject({ retryAfterSeconds: 7 });
  });

  test.each([
    ["an issuer that refuses the token is a refusal", { status: 403, code: "RoleAssignmentRequired" }, "refused"],
    ["an issuer that cannot be reached is none", refusals.IssuerUnavailable(), "unavailable"],
    ["one that was asked too often is none", refusals.RateLimited(3), "unavailable"],
  ])("%s", async (_rule, refusal, kind) => {
    const { file, received } = await serving((response) => json(response, 200, {}));
    const full = { error: "access_denied", sentence: "No role on it.", ...refusal };
    const reply = await clientOf(async () => ({ kind: "refused", refusal: full })).read(file, undefined);
    expect(reply).toMatchObject({ kind });
    expect(received).toEqual([]);
  });
});

const texts = fc.oneof(fc.string(), fc.json(), fc.constant(JSON.stringify(forbidden)));
property(
  "whatever a vault answers: a value only with 200, a refusal only with 401, 403 or 404 in its own words",
  [fc.integer({ min: 100, max: 599 }), texts, fc.option(fc.string())],
  (status, text, header) => {
    const reply = parseVaultReply({ status, text, retryAfter: header, tag: header }, "https://v");
    if (reply.kind === "value") expect(status).toBe(200);
    if (reply.kind === "refused") expect([401, 403, 404]).toContain(status);
    if (reply.kind === "unchanged") expect(status).toBe(304);
  },
);
