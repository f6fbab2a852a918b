import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { runCommand } from "../../tools/run-command.ts";
import { builtBinary } from "./built-binary.ts";
import { run, startSidecar, wait } from "./sidecar-process.ts";

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
    await expect.poll(sidecar.status, slowly).toMatchObject({ code: "IssuerUnavailable", sentence: missing });

    provide(bundle, text("new.pem"));
    await expect.poll(sidecar.status, slowly).toMatchObject({ sentence: expect.stringContaining("certificate") });
    provide(bundle, `${text("old.pem")}${text("new.pem")}`);
    await expect.poll(sidecar.status, slowly).toEqual({ status: "ready" });
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
    const waited = wait(sidecar.ports.port, "15");
    provide(bundle, text("old.pem"));
    expect(await waited).toEqual({ code: 0, said: "" });
  });

  test("gives up with the reason; the sidecar that is then stopped ends its log with it, and with an error", async () => {
    const sidecar = await startSidecar({
      LANYARD_SUBJECT_TOKEN_FILE: path("token"),
      LANYARD_ISSUER_URL: "http://127.0.0.1:1",
    });
    const reason = /IssuerUnavailable: The issuer cannot be reached/;
    expect(await wait(sidecar.ports.port, "1")).toEqual({ code: 1, said: expect.stringMatching(reason) });
    const ended = new Promise((resolve) => sidecar.process.on("close", resolve));
    sidecar.process.kill();
    expect(await ended).toBe(1);
    expect(sidecar.lines.at(-1)).toMatchObject({ message: "not ready", code: "IssuerUnavailable" });
  });

  test("never fails where it is told to open: the kubelet would stop a classic sidecar", async () => {
    const sidecar = await startSidecar({
      ...{ LANYARD_SUBJECT_TOKEN_FILE: path("token"), LANYARD_ISSUER_URL: "http://127.0.0.1:1" },
    });
    const reason = expect.stringMatching(/^not ready after 1 s: IssuerUnavailable/);
    expect(await run(["wait", "--fail-open"], sidecar.ports.port, "1")).toEqual({ code: 0, said: reason });
  });

  test.each([
    [["wait"], "LANYARD_ENDPOINT_HEADER is missing."],
    [["live"], "LANYARD_ENDPOINT_HEADER is missing."],
    [["watch"], 'Unknown argument "watch"'],
    [["wait", "--forever"], 'Unknown argument "--forever"'],
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

describe("the liveness probe", () => {
  test("asks only whether the sidecar answers", async () => {
    const sidecar = await startSidecar({
      ...{ LANYARD_SUBJECT_TOKEN_FILE: path("token"), LANYARD_ISSUER_URL: "http://127.0.0.1:1" },
    });
    expect(await run(["live"], sidecar.ports.port, "1")).toEqual({ code: 0, said: "" });
  });

  test("fails when nothing answers, or a process that hangs", async () => {
    const sidecar = await startSidecar({
      ...{ LANYARD_SUBJECT_TOKEN_FILE: path("token"), LANYARD_ISSUER_URL: "http://127.0.0.1:1" },
    });
    sidecar.process.kill("SIGSTOP");
    const failed = { code: 1, said: expect.stringMatching(/^not alive after 5 s: nothing answers/) };
    expect(await run(["live"], sidecar.ports.port, "1")).toEqual(failed);
  }, 15_000);
});

describe("a classic sidecar", () => {
  test("still gives tokens after SIGTERM while another process of the pod has a socket, then ends with code 0", async () => {
    const { url, server } = await startIssuer();
    const bundle = path("classic.crt");
    provide(bundle, text("old.pem"));
    const sidecar = await startSidecar({
      ...{ LANYARD_SUBJECT_TOKEN_FILE: path("token"), LANYARD_ISSUER_URL: url, LANYARD_ISSUER_CA_FILE: bundle },
      LANYARD_DRAIN_SECONDS: "3",
    });
    await expect.poll(sidecar.status, slowly).toEqual({ status: "ready" });
    const ended = new Promise((resolve) => sidecar.process.on("close", resolve));
    sidecar.process.kill("SIGTERM");
    await expect.poll(() => sidecar.lines.at(-1)).toEqual({ message: "draining" });
    // The test itself holds sockets, as an application does.
    expect(server.listening).toBe(true);
    expect((await sidecar.token("https://a")).status).toBe(200);
    expect(await ended).toBe(0);
  });
});
