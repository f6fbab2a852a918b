import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { runCommand } from "../../tools/run-command.ts";
import { builtBinary } from "./built-binary.ts";
import { startSidecar, wait } from "./sidecar-process.ts";

const scratch = mkdtempSync(join(tmpdir(), "lanyard-pod-"));
const path = (name: string): string => join(scratch, name);
const text = (name: string): string => readFileSync(path(name), "utf8");

beforeAll(async () => {
  builtBinary();
  writeFileSync(path("token"), "subject");
  for (const name of ["old", "new"]) {
    await runCommand([
      ...(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"] as const),
      ...["-keyout", path(`${name}.key`), "-out", path(`${name}.pem`), "-days", "1"],
      ...["-subj", `/CN=${name}`, "-addext", "subjectAltName=DNS:localhost"],
    ]);
  }
}, 120_000);

afterAll(() => rmSync(scratch, { recursive: true }));

/** An issuer that confirms an identity, and gives any token, to whom trusts its certificate. */
async function startIssuer(): Promise<{ server: Server; url: string }> {
  const server = createServer({ cert: text("old.pem"), key: text("old.key") }, (request, response) => {
    request.resume();
    response.setHeader("content-type", "application/json");
    const token = { access_token: "a.b.c", token_type: "Bearer", expires_in: 3600, client_id: "0b6e" };
    response.end(JSON.stringify(request.url === "/identities" ? { identities: [{ default: true }] } : token));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { server, url: `https://localhost:${(server.address() as AddressInfo).port}` };
}

/** Replaces what a name stands for in one step, as the kubelet does. */
function provide(bundle: string, content: string): void {
  const version = path(`version-${performance.now()}`);
  writeFileSync(version, content);
  symlinkSync(version, `${version}.link`);
  renameSync(`${version}.link`, bundle);
}

const slowly = { timeout: 15_000 };

describe("the sidecar and a trust bundle", () => {
  test("waits for the bundle, then follows the issuer from one CA to the next without a restart", async () => {
    const { server, url } = await startIssuer();
    const bundle = path("rotating.crt");
    const sidecar = await startSidecar({
      LANYARD_SUBJECT_TOKEN_FILE: path("token"),
      LANYARD_ISSUER_URL: url,
      LANYARD_ISSUER_CA_FILE: bundle,
    });
    const missing = expect.stringMatching(/cannot be reached: the trust bundle is missing.*ConfigMap/);
    await expect.poll(sidecar.readyz, slowly).toMatchObject({ code: "IssuerUnavailable", sentence: missing });

    provide(bundle, text("new.pem"));
    await expect.poll(sidecar.readyz, slowly).toMatchObject({ sentence: expect.stringContaining("certificate") });
    provide(bundle, `${text("old.pem")}${text("new.pem")}`);
    await expect.poll(sidecar.readyz, slowly).toEqual({ status: "ready" });
    expect((await sidecar.token("https://a")).status).toBe(200);

    server.setSecureContext({ cert: text("new.pem"), key: text("new.key") });
    server.closeAllConnections();
    await expect.poll(async () => (await sidecar.token("https://b")).status, slowly).toBe(200);
    provide(bundle, text("new.pem"));
    expect((await sidecar.token("https://c")).status).toBe(200);
    rmSync(bundle);
    expect((await sidecar.token("https://d")).status).toBe(200);
  });

  test("trusts no other issuer once there is a bundle", async () => {
    const { url } = await startIssuer();
    const bundle = path("other.crt");
    provide(bundle, text("new.pem"));
    const sidecar = await startSidecar({
      LANYARD_SUBJECT_TOKEN_FILE: path("token"),
      LANYARD_ISSUER_URL: url,
      LANYARD_ISSUER_CA_FILE: bundle,
    });
    expect((await sidecar.token("https://a")).status).toBe(503);
  });
});

describe("the gate", () => {
  test("opens when the sidecar is ready", async () => {
    const { url } = await startIssuer();
    const bundle = path("gate.crt");
    const sidecar = await startSidecar({
      LANYARD_SUBJECT_TOKEN_FILE: path("token"),
      LANYARD_ISSUER_URL: url,
      LANYARD_ISSUER_CA_FILE: bundle,
    });
    const waited = wait(sidecar.ports.probePort, "15");
    provide(bundle, text("old.pem"));
    expect(await waited).toEqual({ code: 0, said: "" });
  });

  test("gives up with the reason; the sidecar that is then stopped ends its log with it, and with an error", async () => {
    const sidecar = await startSidecar({
      LANYARD_SUBJECT_TOKEN_FILE: path("token"),
      LANYARD_ISSUER_URL: "http://127.0.0.1:1",
    });
    const reason = /IssuerUnavailable: The issuer cannot be reached/;
    expect(await wait(sidecar.ports.probePort, "1")).toEqual({ code: 1, said: expect.stringMatching(reason) });
    const ended = new Promise((resolve) => sidecar.process.on("close", resolve));
    sidecar.process.kill();
    expect(await ended).toBe(1);
    expect(sidecar.lines.at(-1)).toMatchObject({ message: "not ready", code: "IssuerUnavailable" });
  });

  test.each([
    [["wait"], "LANYARD_PROBE_PORT is missing."],
    [["watch"], 'Unknown argument "watch"'],
  ])("says what is wrong with how it was called: %j", async (args, problem) => {
    const process = spawn(builtBinary(), args, { env: {}, stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    process.stderr.on("data", (chunk) => {
      said += chunk;
    });
    expect(await new Promise((resolve) => process.on("close", resolve))).toBe(2);
    expect(JSON.parse(said).problems.join()).toContain(problem);
  });
});
