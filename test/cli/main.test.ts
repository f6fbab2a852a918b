import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, onTestFinished, test } from "vitest";
import { temporaryDirectory } from "./dev/dev-world.ts";
import { identity } from "./dev/shop-files.ts";

const main = join(import.meta.dirname, "..", "..", "cli", "main.ts");

interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

function start(args: readonly string[], environment: NodeJS.ProcessEnv = {}): ChildProcess {
  const child = spawn(process.execPath, [main, ...args], { env: { ...process.env, ...environment } });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

async function ended(child: ChildProcess): Promise<Ended> {
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error("the output of the process is not read");
  const [[code], output, errors] = await Promise.all([once(child, "close"), text(stdout), text(stderr)]);
  return { code: code as number | null, output, errors };
}

const run = (...args: readonly string[]): Promise<Ended> => ended(start(args));
const asOrders = ["dev", "--as", "shop/orders", "--"];

const roleOf = ["--assignee", "shop/orders", "--role", "reader"];

const withoutItsSecret = `
apiVersion: lanyard.dev/v1alpha1
kind: ProtectedResource
metadata: { name: vault, namespace: payments }
spec: { audiences: ["https://vault.payments.svc"], vault: {} }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: orders, namespace: payments }
spec:
  template:
    metadata: { annotations: { lanyard.dev/secret-files: password=vault/password } }
    spec: {}
`;

/** Resolves when a process has written that. */
function says({ stdout, stderr }: ChildProcess, wanted: string, on: "stdout" | "stderr" = "stdout"): Promise<void> {
  let heard = "";
  return new Promise((resolve) => {
    (on === "stdout" ? stdout : stderr)?.on("data", (chunk) => {
      heard += chunk;
      if (heard.includes(wanted)) resolve();
    });
  });
}

describe("a program that runs as a pod", () => {
  test("has the pod's variables, and its output stands alone", async () => {
    const script = "console.log(typeof process.env.IDENTITY_ENDPOINT, process.env.AZURE_CLIENT_SECRET)";
    const { code, output, errors } = await ended(
      start([...asOrders, process.execPath, "-e", script], { AZURE_CLIENT_SECRET: "secret" }),
    );
    expect({ code, output }).toEqual({ code: 0, output: "string undefined\n" });
    expect(errors).toContain("a pod would not have them: AZURE_CLIENT_SECRET");
  });

  test.each([
    [["sh", "-c", "exit 3"], 3],
    [["sh", "-c", "kill -9 $$"], 137],
    [["no-such-program"], 127],
    [["/"], 126],
  ])("%j ends with %d", async (command, code) => {
    expect((await run(...asOrders, ...command)).code).toBe(code);
  });

  test("reads the standard input", async () => {
    const child = start([...asOrders, "cat"]);
    child.stdin?.end("hello");
    expect(await ended(child)).toMatchObject({ code: 0, output: "hello" });
  });

  test("is told to end, and its answer counts", async () => {
    const script = "trap 'exit 7' TERM; echo up; while :; do sleep 0.05; done";
    const child = start([...asOrders, "sh", "-c", script]);
    await says(child, "up");
    child.kill("SIGTERM");
    expect((await once(child, "close"))[0]).toBe(7);
  });

  test("is not started when somebody does not wait for its secrets", async () => {
    const directory = await temporaryDirectory();
    await writeFile(join(directory, "a.yaml"), withoutItsSecret);
    const program = ["--as", "payments/Deployment/orders", "--", "echo", "started"];
    const child = start(["dev", "--vault", "-f", directory, ...program], { TMPDIR: directory });
    const end = ended(child);
    await says(child, "secret file password missing", "stderr");
    child.kill("SIGINT");
    expect(await end).toMatchObject({ code: 130, output: "" });
    expect(await readdir(directory)).toEqual(["a.yaml"]);
  });
});

describe("without a program", () => {
  test.each(["SIGINT", "SIGTERM"] as const)("it serves until %s", async (signal) => {
    const child = start(["dev", "--as", "shop/orders"]);
    await says(child, "Ready");
    child.kill(signal);
    expect((await once(child, "close"))[0]).toBe(0);
  });

  test("-o json is one object a line", async () => {
    const directory = await temporaryDirectory();
    await writeFile(join(directory, "a.yaml"), identity);
    const child = start(["dev", "-f", directory, "-o", "json"]);
    const end = ended(child);
    await says(child, '"ready"');
    child.kill("SIGTERM");
    const lines = (await end).output.trimEnd().split("\n");
    const events = lines.map((line) => (JSON.parse(line) as { readonly event: string }).event);
    expect(events).toEqual(["started", "identities", "endpoint", "ready"]);
  });
});

describe("exit codes", () => {
  test("1 for a problem in the files, as a line for a person or as JSON", async () => {
    const file = join(await temporaryDirectory(), "bad.yaml");
    await writeFile(file, identity.replace("subjects", "subjcts"));
    const [person, program] = await Promise.all([run("dev", "-f", file), run("dev", "-f", file, "-o", "json")]);
    expect(person).toMatchObject({ code: 1, output: "" });
    expect(person.errors).toBe(`${file}:5:3: spec.subjcts: unknown field. Did you mean "subjects"?\n`);
    expect(program.code).toBe(1);
    expect(JSON.parse(program.output)).toMatchObject({ event: "problems", problems: [{ line: 5 }] });
  });

  test.each([
    [["--bogus"], /unknown option '--bogus'/],
    [["dve"], /Did you mean dev\?/],
    [["dev", "--port", "70000"], /Expected a port from 1 to 65535/],
    [["dev", "--as", "Shop/Orders"], /is no name/],
    [["dev", "-o", "xml"], /Allowed choices are text, json/],
    [["dev", "--as", "shop/orders", "--vault-port", "8443"], /--vault-port is the port of a vault: add --vault/],
    [["dev"], /name files with -f, or somebody with --as/],
    [["dev", "--", "true"], /name files with -f, or somebody with --as/],
  ])("2 for wrong use: %j", async (args, message) => {
    const { code, errors } = await run(...args);
    expect(code).toBe(2);
    expect(errors).toMatch(message);
  });

  test.each([
    [["role-assignment", "create", ...roleOf, "--resource", "a/b", "--expires-in", "5x"], /5x is no duration/],
    [["role-assignment", "create", ...roleOf, "--resource", "a/b", "--scope", "/"], /--resource or --scope, not both/],
    [["role-assignment", "delete"], /name an assignment, or give --assignee/],
    [["role-assignment", "delete", ...roleOf, "--resource", "a/b", "--scope", "/"], /one of --resource and --scope/],
    [["revoke", "token"], /name the token's id, or give --token-file/],
    [["access", "check", "--as", "a/b", "--as", "a/c"], /a\/b is asked about already/],
  ])("2 for wrong use that no cluster is needed to see: %j", async (args, message) => {
    const { code, errors } = await ended(start(args, { KUBECONFIG: "/nonexistent/kubeconfig" }));
    expect(code).toBe(2);
    expect(errors).toMatch(message);
    expect(errors).not.toContain("no cluster to ask");
  });

  test("2 for a port that is taken", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address !== null ? String(address.port) : "";
    const ends = await Promise.all([
      run("dev", "--as", "shop/orders", "--port", port),
      run("dev", "--as", "shop/orders", "--issuer-port", port),
    ]);
    expect(ends.map(({ code }) => code)).toEqual([2, 2]);
    for (const { errors } of ends) expect(errors).toContain(`port ${port} is in use by another program`);
  });

  test("0 for help and version", async () => {
    const ends = await Promise.all([run("--help"), run("dev", "--help"), run("--version")]);
    expect(ends.map(({ code }) => code)).toEqual([0, 0, 0]);
  });
});
