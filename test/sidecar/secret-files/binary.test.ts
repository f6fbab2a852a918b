import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { builtBinary } from "../built-binary.ts";
import { HEADER } from "../endpoint.ts";

const scratch = mkdtempSync(join(tmpdir(), "lanyard-secret-files-"));
/** What a program may not lose on the way: NUL, line breaks, other alphabets, a byte order mark. */
const VALUE = "\ufeffp\u00e4ss\0word\r\n\u{1f512}";

/** Issuer and vault in one. */
const server = createServer((request, response) => {
  request.resume();
  const isVault = request.url?.startsWith("/shop/vault/") ?? false;
  const secret = { value: VALUE, id: "https://vault/secrets/a/1" };
  const token = { access_token: "a.b.c", token_type: "Bearer", expires_in: 3600, client_id: "0b6e" };
  const identities = { identities: [{}] };
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(isVault ? secret : request.url === "/identities" ? identities : token));
});
let sidecar: ChildProcess;
const lines: string[] = [];

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  writeFileSync(join(scratch, "token"), "subject");
  sidecar = spawn(builtBinary(), {
    env: {
      LANYARD_ISSUER_URL: url,
      LANYARD_SUBJECT_TOKEN_FILE: join(scratch, "token"),
      LANYARD_ENDPOINT_HEADER: HEADER,
      LANYARD_PORT: "0",
      LANYARD_SECRET_FILES: "a=shop/vault/a",
      LANYARD_SECRETS_DIRECTORY: scratch,
      LANYARD_VAULT_URL: `${url}/{namespace}/{vault}`,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (sidecar.stdout === null) throw new Error("the process has no output");
  for await (const line of createInterface(sidecar.stdout)) {
    lines.push(line);
    if (line.includes('"ready"')) return;
  }
}, 120_000);

afterAll(() => {
  sidecar.kill();
  server.close();
  server.closeAllConnections();
  rmSync(scratch, { recursive: true });
});

describe("the compiled binary", () => {
  test("has the secret in its file, byte for byte, before it is ready", () => {
    expect(readFileSync(join(scratch, "a"))).toEqual(Buffer.from(VALUE));
    expect(statSync(join(scratch, "a")).mode & 0o7777).toBe(0o400);
  });

  test("says that it wrote it, and no word of what", () => {
    const written = lines.findIndex((line) => line.includes('"secret file"'));
    expect(JSON.parse(lines[written] ?? "{}")).toEqual({ message: "secret file", file: "a", state: "written" });
    expect(written).toBeLessThan(lines.length - 1);
    expect(lines.join("\n")).not.toContain("word\\r");
  });
});
