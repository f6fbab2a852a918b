import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { builtBinary } from "./built-binary.ts";
import { HEADER, imds, METADATA, RESOURCE, readReply } from "./endpoint.ts";

const scratch = mkdtempSync(join(tmpdir(), "lanyard-sidecar-"));
const issuer = createServer((request, response) => {
  request.resume();
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({ access_token: "a.b.c", token_type: "Bearer", expires_in: 3600, client_id: "0b6e" }));
});
let sidecar: ChildProcess;
let ports: { port: number; probePort: number };

beforeAll(async () => {
  await new Promise<void>((resolve) => issuer.listen(0, "127.0.0.1", resolve));
  writeFileSync(join(scratch, "token"), "subject");
  sidecar = spawn(builtBinary(), {
    env: {
      LANYARD_ISSUER_URL: `http://127.0.0.1:${(issuer.address() as AddressInfo).port}`,
      LANYARD_SUBJECT_TOKEN_FILE: join(scratch, "token"),
      LANYARD_ENDPOINT_HEADER: HEADER,
      LANYARD_PORT: "0",
      LANYARD_PROBE_PORT: "0",
      LANYARD_AUDIENCES: RESOURCE,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  ports = await listening(sidecar);
}, 120_000);

afterAll(() => {
  sidecar.kill();
  issuer.close();
  issuer.closeAllConnections();
  rmSync(scratch, { recursive: true });
});

async function listening(process: ChildProcess): Promise<{ port: number; probePort: number }> {
  if (process.stdout === null) throw new Error("the process has no output");
  for await (const line of createInterface(process.stdout)) {
    const { port, probePort } = JSON.parse(line);
    return { port, probePort };
  }
  throw new Error("the process ended before it listened");
}

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`http://127.0.0.1:${ports.port}${path}`, { headers });

describe("the compiled binary", () => {
  test.each([
    ["IMDS", imds(), METADATA],
    ["IMDS, double slash", `/${imds()}`, METADATA],
    ["plain", "/token?audience=a", METADATA],
  ])("gives a token: %s", async (_name, url, headers) => {
    expect(await readReply(await get(url, headers))).toMatchObject({ status: 200, body: { access_token: "a.b.c" } });
  });

  test("refuses in JSON", async () => {
    expect((await readReply(await get(imds()))).status).toBe(400);
    expect((await readReply(await get("/nowhere"))).status).toBe(404);
  });

  test("is ready once its audiences are fetched, on a port that serves no token", async () => {
    const probe = (path: string) => fetch(`http://127.0.0.1:${ports.probePort}${path}`, { headers: METADATA });
    await expect.poll(async () => (await probe("/readyz")).status).toBe(200);
    expect((await probe(imds())).status).toBe(404);
  });

  test("ends with code 2 and says what is wrong when a setting is missing", async () => {
    const broken = spawn(builtBinary(), { env: {}, stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    broken.stderr.on("data", (chunk) => {
      said += chunk;
    });
    const code = await new Promise((resolve) => broken.on("close", resolve));
    expect({ code, said }).toEqual({ code: 2, said: expect.stringContaining("LANYARD_ISSUER_URL is missing.") });
  });
});
