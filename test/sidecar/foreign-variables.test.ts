/** Variables that another webhook or a cluster-wide default sets in every container, the sidecar's included. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import { type AddressInfo, createServer as createTcpServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runCommand } from "../../tools/run-command.ts";
import { builtBinary } from "./built-binary.ts";
import { startSidecar, wait } from "./sidecar-process.ts";

const scratch = mkdtempSync(join(tmpdir(), "lanyard-variables-"));
const path = (name: string): string => join(scratch, name);
/** The first line of what reached the proxy. */
const proxied: string[] = [];
const proxy = createTcpServer((socket) => {
  socket.once("data", (chunk) => {
    proxied.push(String(chunk).split("\r\n")[0] ?? "");
    socket.end("HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n");
  });
});
let issuerUrl: string;
let closeIssuer: () => void;

const listen = (server: Server): Promise<number> =>
  new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });

beforeAll(async () => {
  builtBinary();
  writeFileSync(path("token"), "subject");
  for (const name of ["issuer", "other"]) {
    await runCommand([
      ...(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"] as const),
      ...["-keyout", path(`${name}.key`), "-out", path(`${name}.pem`), "-days", "1"],
      ...["-subj", `/CN=${name}`, "-addext", "subjectAltName=DNS:localhost"],
    ]);
  }
  /** Issuer and vault in one. */
  const issuer = createServer(
    { cert: readFileSync(path("issuer.pem")), key: readFileSync(path("issuer.key")) },
    (request, response) => {
      request.resume();
      response.setHeader("content-type", "application/json");
      const token = { access_token: "a.b.c", token_type: "Bearer", expires_in: 3600, client_id: "0b6e" };
      const secret = { value: "secret", id: "https://vault/secrets/a/1" };
      const identities = { identities: [{ default: true }] };
      const isVault = request.url?.startsWith("/vault/") ?? false;
      response.end(JSON.stringify(isVault ? secret : request.url === "/identities" ? identities : token));
    },
  );
  issuerUrl = `https://localhost:${await listen(issuer)}`;
  closeIssuer = () => {
    issuer.closeAllConnections();
    issuer.close();
  };
  await listen(proxy);
}, 120_000);

afterAll(() => {
  closeIssuer();
  proxy.close();
  rmSync(scratch, { recursive: true });
});

const start = (ca: string, variables: Record<string, string>) =>
  startSidecar({
    ...{ LANYARD_SUBJECT_TOKEN_FILE: path("token"), LANYARD_ISSUER_URL: issuerUrl, LANYARD_ISSUER_CA_FILE: path(ca) },
    ...{ LANYARD_SECRET_FILES: "secret=shop/vault/a", LANYARD_SECRETS_DIRECTORY: scratch },
    LANYARD_VAULT_URL: `${issuerUrl}/vault`,
    ...variables,
  });

describe("a proxy in the environment is never asked", () => {
  const names = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"];
  const mixed = (name: string): string => name.toLowerCase().replace(/(?:^|_)[a-z]/g, (part) => part.toUpperCase());
  const spellings = [names, names.map((name) => name.toLowerCase()), names.map(mixed)];
  const exceptions = [{}, { NO_PROXY: "example.com" }, { no_proxy: "*.svc, ,,10.0.0.0/8" }, { NO_PROXY: "" }];
  const cases = spellings.flatMap((spelling) => exceptions.map((noProxy) => [spelling, noProxy] as const));

  test.each(cases)("%j beside %j", async (spelling, noProxy) => {
    const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const variables = { ...Object.fromEntries(spelling.map((name) => [name, address])), ...noProxy };
    const sidecar = await start("issuer.pem", variables);
    expect(await wait(sidecar.ports.port, "15", variables)).toEqual({ code: 0, said: "" });
    expect((await sidecar.token("https://a")).status).toBe(200);
    expect(readFileSync(path("secret"), "utf8")).toBe("secret");
    expect(proxied).toEqual([]);
  });
});

describe("the certificate of the issuer is verified", () => {
  test.each([
    ["that turns verification off", { NODE_TLS_REJECT_UNAUTHORIZED: "0" }],
    ["that trusts another authority", { NODE_EXTRA_CA_CERTS: path("issuer.pem"), SSL_CERT_FILE: path("issuer.pem") }],
  ])("whatever the variable %s", async (_name, variables) => {
    const sidecar = await start("other.pem", variables);
    expect((await sidecar.token("https://a")).status).toBe(503);
  });
});

test("no token is written to the log when a variable asks for a log of requests", async () => {
  const sidecar = await start("issuer.pem", { BUN_CONFIG_VERBOSE_FETCH: "curl" });
  expect(await wait(sidecar.ports.port, "15", {})).toMatchObject({ code: 0 });
  expect((await sidecar.token("https://a")).status).toBe(200);
  expect(sidecar.errors()).not.toMatch(/authorization|subject/i);
});
