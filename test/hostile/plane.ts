import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parse } from "yaml";
import { z } from "zod";
import { injection, installation } from "../../identity/names.ts";
import { atExit } from "../bench/at-exit.ts";
import { kubectl, type TestCluster } from "../cluster/test-cluster.ts";
import { createMemoryCgroup } from "./memory-cgroup.ts";
import { send } from "./send.ts";
import { apply, type World } from "./world.ts";

const root = join(import.meta.dirname, "../..");
export const processNames = ["operator", "webhook", "issuer", "vault", "sidecar"] as const;
export type ProcessName = (typeof processNames)[number];

/** One process of the plane, under the memory limit that the chart gives it. */
export interface PlaneProcess {
  readonly name: ProcessName;
  readonly pid: number;
  readonly limitBytes: number;
  /** Whether the kernel enforces the limit. */
  readonly isLimited: boolean;
  isAlive(): boolean;
}

export interface Plane {
  readonly processes: Readonly<Record<ProcessName, PlaneProcess>>;
  readonly ports: Readonly<Record<ProcessName, number>>;
  readonly operationsPorts: Readonly<Record<ProcessName, number>>;
  /** PEM; what the servers are verified by. */
  readonly ca: string;
  readonly endpointHeader: string;
  /** Ends a process, whose memory an attack filled, and starts it again. */
  restart(name: ProcessName): Promise<void>;
}

const PATIENCE_MS = 60_000;
const POLL_MS = 50;
const ENDPOINT_HEADER = "hostile";
/** What the certificate of the issuer is for. */
export const issuerHost = "lanyard-issuer.lanyard-system.svc";

/** Starts every process, and resolves once each says that it is ready. */
export async function startPlane(cluster: TestCluster, world: World, folder: string): Promise<Plane> {
  const [ports, operationsPorts] = [await freePorts(), await freePorts()];
  const files = { vault: join(folder, "vault-token"), sidecar: join(folder, "pod-token"), ca: join(folder, "ca.crt") };
  await Promise.all([writeFile(files.vault, world.vault.token), writeFile(files.sidecar, world.bystander.token)]);
  const start = async (name: ProcessName): Promise<PlaneProcess> => {
    const program = programOf(name, { cluster, ports, operationsPorts, files });
    const started = startProcess(name, program, join(folder, `${name}.log`));
    await untilReady(started, operationsPorts[name]);
    return started;
  };
  await createWebhookConfigurations(cluster);
  const operator = await start("operator");
  const ca = await trustBundle(cluster);
  await writeFile(files.ca, ca);
  const [webhook, issuer] = await Promise.all([start("webhook"), start("issuer")]);
  const [vault, sidecar] = await Promise.all([start("vault"), start("sidecar")]);
  const processes = { operator, webhook, issuer, vault, sidecar };
  return {
    ...{ processes, ports, operationsPorts, ca, endpointHeader: ENDPOINT_HEADER },
    async restart(name) {
      const old = processes[name];
      if (old.isAlive()) process.kill(old.pid, "SIGKILL");
      processes[name] = await start(name);
    },
  };
}

interface Programs {
  readonly cluster: TestCluster;
  readonly ports: Plane["ports"];
  readonly operationsPorts: Plane["operationsPorts"];
  readonly files: { readonly vault: string; readonly sidecar: string; readonly ca: string };
}

interface Program {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** The command line of each process, as the chart writes it but for names and ports of this machine. */
function programOf(name: ProcessName, { cluster, ports, operationsPorts, files }: Programs): Program {
  const url = `https://${issuerHost}:${ports.issuer}`;
  if (name === "sidecar") {
    const environment = {
      ...{ LANYARD_ISSUER_URL: url, LANYARD_ISSUER_CA_FILE: files.ca, LANYARD_SUBJECT_TOKEN_FILE: files.sidecar },
      LANYARD_ISSUER_ADDRESS: "127.0.0.1",
      ...{ LANYARD_PORT: String(ports.sidecar), LANYARD_PROBE_PORT: String(operationsPorts.sidecar) },
      LANYARD_ENDPOINT_HEADER: ENDPOINT_HEADER,
    };
    return { command: [join(root, "dist/lanyard-sidecar")], environment };
  }
  const own: Record<Exclude<ProcessName, "sidecar">, readonly string[]> = {
    operator: ["--vault-service=lanyard-vault"],
    webhook: [`--port=${ports.webhook}`, `--issuer-url=${url}`, "--sidecar-image=sidecar"],
    issuer: [`--port=${ports.issuer}`, `--url=${url}`],
    vault: [`--port=${ports.vault}`, `--issuer-url=${url}`, `--issuer-token-file=${files.vault}`],
  };
  const reached = [`--kubeconfig=${cluster.kubeconfig}`, `--context=${cluster.context}`];
  const common = [...reached, "--namespace=lanyard-system", `--operations-port=${operationsPorts[name]}`];
  return {
    command: [process.execPath, join(root, "dist/lanyard.js"), name, ...common, ...own[name]],
    environment: { NODE_OPTIONS: `--import=${join(import.meta.dirname, "resolve-services.ts")}` },
  };
}

function startProcess(name: ProcessName, { command, environment }: Program, log: string): PlaneProcess {
  const limitBytes = limitOf(name);
  const cgroup = createMemoryCgroup(name, limitBytes);
  const [program = "", ...args] = cgroup?.command(command) ?? command;
  const child = spawn(program, args, {
    env: { ...baseEnvironment(), ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = createWriteStream(log, { flags: "a" });
  child.stdout.pipe(output);
  child.stderr.pipe(output);
  atExit(() => endNow(child));
  child.once("exit", () => cgroup?.remove());
  const isAlive = (): boolean => child.exitCode === null && child.signalCode === null;
  return { name, pid: child.pid ?? 0, limitBytes, isLimited: cgroup !== undefined, isAlive };
}

/** A process of the plane sees no variable of this one but where programs are. */
const baseEnvironment = (): Readonly<Record<string, string>> => ({
  PATH: process.env.PATH ?? "",
  NODE_ENV: "production",
});

function endNow(child: ChildProcess): void {
  if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
}

const units: Readonly<Record<string, number>> = { Mi: 1024 * 1024, Gi: 1024 * 1024 * 1024 };
const chartSchema = z.record(z.string(), z.unknown());
const resourcesSchema = z.object({ resources: z.object({ limits: z.object({ memory: z.string() }) }) });

/** Reads the memory limit of a process from the chart's default values, in bytes. */
function limitOf(name: ProcessName): number {
  const values = chartSchema.parse(parse(readFileSync(join(root, "charts/lanyard/values.yaml"), "utf8")));
  const { memory } = resourcesSchema.parse(values[name]).resources.limits;
  const [, amount = "", unit = ""] = /^(\d+)(Mi|Gi)$/.exec(memory) ?? [];
  const size = units[unit];
  if (size === undefined) throw new Error(`values.yaml: the memory limit "${memory}" of ${name} is not in Mi or Gi.`);
  return Number(amount) * size;
}

async function untilReady(started: PlaneProcess, port: number): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (started.isAlive() && performance.now() < deadline) {
    const answer = await send({ port, path: "/readyz" }).catch(() => undefined);
    if (answer?.status === 200) return;
    await sleep(POLL_MS);
  }
  throw new Error(
    `The ${started.name} did not become ready within ${PATIENCE_MS / 1000} s: its log is beside the kubeconfig.`,
  );
}

/** The operator fills in their caBundle. They match no object: this suite sends the reviews itself. */
async function createWebhookConfigurations(cluster: TestCluster): Promise<void> {
  const webhook = {
    ...{ name: "hostile.lanyard.dev", failurePolicy: "Ignore", sideEffects: "None", admissionReviewVersions: ["v1"] },
    clientConfig: { service: { name: "lanyard-webhook", namespace: "lanyard-system" } },
    namespaceSelector: { matchLabels: { "lanyard.dev/hostile": "never" } },
    rules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] }],
  };
  await apply(
    cluster,
    ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"].map((kind) => ({
      ...{ apiVersion: "admissionregistration.k8s.io/v1", kind, metadata: { name: "lanyard-webhook" } },
      webhooks: [webhook],
    })),
  );
}

/** Waits for the certificate of the issuer, and returns the authorities that it is verified by. */
async function trustBundle(cluster: TestCluster): Promise<string> {
  const where = ["--namespace=lanyard-system", "secret", installation.issuerServingSecret];
  const deadline = performance.now() + PATIENCE_MS;
  while (performance.now() < deadline) {
    const path = `--output=jsonpath={.data.${injection.trustBundleKey.replace(".", "\\.")}}`;
    const encoded = await kubectl(cluster, "get", ...where, path).catch(() => "");
    if (encoded !== "") return Buffer.from(encoded, "base64").toString("utf8");
    await sleep(POLL_MS);
  }
  throw new Error(`The operator did not create Secret ${installation.issuerServingSecret}.`);
}

async function freePorts(): Promise<Readonly<Record<ProcessName, number>>> {
  const servers = processNames.map(() => createServer());
  const taken = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve) => {
          server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
        }),
    ),
  );
  for (const server of servers) server.close();
  const [operator = 0, webhook = 0, issuer = 0, vault = 0, sidecar = 0] = taken;
  return { operator, webhook, issuer, vault, sidecar };
}
