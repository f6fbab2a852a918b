import { readFile, rm, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, onTestFinished, test } from "vitest";
import { startDev } from "../../../cli/dev/dev.ts";
import { Events, temporaryDirectory } from "./dev-world.ts";

const people = `
apiVersion: v1
kind: ServiceAccount
metadata: { name: admin, namespace: payments }
---
apiVersion: lanyard.dev/v1alpha1
kind: ManagedIdentity
metadata: { name: admin, namespace: payments }
spec: { subjects: [{ serviceAccount: admin }] }
---
apiVersion: lanyard.dev/v1alpha1
kind: RoleAssignment
metadata: { name: admin, namespace: payments }
spec: { principal: { managedIdentity: admin }, roleDefinition: secrets-officer }
`;

const vault = (name: string): string => `
apiVersion: lanyard.dev/v1alpha1
kind: ProtectedResource
metadata: { name: ${name}, namespace: payments }
spec: { audiences: ["https://${name}.payments.svc"], vault: {} }
`;

async function started(files: Readonly<Record<string, string>>, shell: Readonly<Record<string, string>> = {}) {
  const directory = await temporaryDirectory();
  for (const [name, content] of Object.entries(files)) await writeFile(join(directory, name), content);
  const events = new Events();
  const dev = await startDev({ files: [directory], as: [], vaults: { shell }, report: events.report });
  onTestFinished(() => dev.stop());
  return { ...{ dev, directory, events }, environment: dev.vaultEnvironment() };
}

test.each([
  { files: { "a.yaml": people }, notices: ["no vault is served: no ProtectedResource of the files has spec.vault"] },
  { files: { "a.yaml": people, "b.yaml": vault("payments-vault") }, notices: [] },
])("that there is no vault is said: $notices", async ({ files, notices }) => {
  const { events } = await started(files);
  expect(events.all.flatMap((event) => (event.event === "notice" ? event.message : []))).toEqual(notices);
});

interface Asked {
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Trusts nobody but whom the files say. */
async function ask(environment: Readonly<Record<string, string>>, method: string, { path, headers, body }: Asked = {}) {
  const url = new URL(path ?? "/secrets?api-version=7.6", environment.VAULT_URL);
  const ca = await readFile(environment.NODE_EXTRA_CA_CERTS ?? "", "utf8");
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>();
  const sent = request(
    url,
    { method, ca, servername: "localhost", agent: false, headers: { ...headers } },
    async (response) => resolve({ status: response.statusCode ?? 0, body: await text(response) }),
  );
  sent.on("error", reject).end(body);
  return promise;
}

async function tokenAt(environment: Readonly<Record<string, string>>): Promise<string> {
  const resource = encodeURIComponent("https://payments-vault.payments.svc");
  const reply = await fetch(`${environment.IDENTITY_ENDPOINT}?api-version=2019-08-01&resource=${resource}`, {
    headers: { "X-IDENTITY-HEADER": environment.IDENTITY_HEADER ?? "" },
  });
  return JSON.parse(await reply.text()).access_token;
}

describe("lanyard dev --vault", () => {
  test("serves the vault of the files over HTTPS, to who may use it, and shows each access", async () => {
    const { dev, environment, events } = await started({ "all.yaml": `${people}---${vault("payments-vault")}` });
    expect((await ask(environment, "GET")).status).toBe(401);
    const [endpoint] = dev.endpoints;
    const authorization = `Bearer ${await tokenAt(endpoint?.environment({}) ?? {})}`;
    const headers = { authorization, "content-type": "application/json" };
    const path = "/secrets/key?api-version=7.6";
    expect((await ask(environment, "PUT", { path, headers, body: '{"value":"hunter2"}' })).status).toBe(200);
    expect(JSON.parse((await ask(environment, "GET", { path, headers })).body)).toMatchObject({ value: "hunter2" });
    const shown = events.all.flatMap((event) => (event.event === "secret" ? [event.record] : []));
    expect(shown).toMatchObject([
      { operation: "SetSecret", decision: "allowed", role: "secrets-officer" },
      { operation: "GetSecret", decision: "allowed", vault: "payments/payments-vault", secret: "key" },
    ]);
    expect(JSON.stringify(events.all)).not.toContain("hunter2");
  });

  test("a page of a browser that was led here by another name is no client", async () => {
    const { environment } = await started({ "all.yaml": vault("payments-vault") });
    expect((await ask(environment, "GET", { headers: { host: "evil.example" } })).status).toBe(404);
  });

  test("each vault has a variable, and the only one a short one", async () => {
    const { environment } = await started({ "a.yaml": vault("payments-vault") });
    expect(environment.VAULT_URL).toMatch(/^https:\/\/localhost:\d+$/);
    expect(environment.VAULT_URL_PAYMENTS_PAYMENTS_VAULT).toBe(environment.VAULT_URL);
    const { environment: both } = await started({ "a.yaml": vault("a"), "b.yaml": vault("b") });
    expect(
      Object.keys(both)
        .filter((name) => name.startsWith("VAULT_URL"))
        .sort(),
    ).toEqual(["VAULT_URL_PAYMENTS_A", "VAULT_URL_PAYMENTS_B"]);
  });

  test("a program trusts whom it trusted before, and the vault", async () => {
    const before = join(await temporaryDirectory(), "own.crt");
    await writeFile(before, "-- of the shell --\n");
    const shell = { NODE_EXTRA_CA_CERTS: before, SSL_CERT_FILE: before };
    const { environment } = await started({ "a.yaml": vault("payments-vault") }, shell);
    for (const name of ["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"]) {
      const file = await readFile(environment[name] ?? "", "utf8");
      expect(file).toContain("-- of the shell --");
      expect(file).toContain("BEGIN CERTIFICATE");
    }
    const { environment: plain } = await started({ "a.yaml": vault("payments-vault") });
    const whole = await readFile(plain.SSL_CERT_FILE ?? "", "utf8");
    expect(whole.split("BEGIN CERTIFICATE").length).toBeGreaterThan(10);
  });

  test("a vault that comes with a file is served, and one that goes is no vault any more", async () => {
    const { dev, directory, events } = await started({ "people.yaml": people });
    expect(dev.vaultEnvironment()).toEqual({});
    const served = events.next("vault");
    await writeFile(join(directory, "vault.yaml"), vault("payments-vault"));
    await served;
    const environment = dev.vaultEnvironment();
    expect((await ask(environment, "GET")).status).toBe(401);
    const applied = events.next("applied");
    await rm(join(directory, "vault.yaml"));
    await applied;
    await expect.poll(async () => (await ask(environment, "GET")).status).toBe(404);
  });
});
