import { type ChildProcess, spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, open, readFile, rm, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stringify } from "yaml";
import type { Programs } from "./build.ts";

const PATIENCE_MS = 60_000;
const POLL_MS = 50;
const TOKEN = "administrator";
const CONTEXT = "private";
const DEFAULT_ISSUER = "https://kubernetes.default.svc";

interface ServerOptions {
  readonly authorization?: "AlwaysAllow" | "RBAC";
  readonly flags?: readonly string[];
  /** What signs ServiceAccount tokens, as PEM; an RSA key unless given. */
  readonly serviceAccountKey?: string;
  /** Of ServiceAccount tokens: the first makes them, all are accepted. */
  readonly serviceAccountIssuers?: readonly string[];
}

/**
 * An API server with an etcd of its own, in a folder and on ports of its own, for suites that break it or that nobody may
 * disturb. It trusts one token and, unless told otherwise, authorizes everything.
 */
export class PrivateApiServer {
  readonly kind = "control-plane";
  readonly kubeconfig: string;
  readonly context = CONTEXT;
  readonly url: string;
  readonly #programs: Programs;
  #options: ServerOptions;
  readonly #folder: string;
  readonly #ports: Ports;
  #etcd: ChildProcess | undefined;
  #server: ChildProcess | undefined;
  #controllers: ChildProcess | undefined;

  private constructor(programs: Programs, folder: string, ports: Ports, options: ServerOptions) {
    this.kubeconfig = join(folder, "kubeconfig");
    this.url = `https://127.0.0.1:${ports.api}`;
    this.#programs = programs;
    this.#options = options;
    this.#folder = folder;
    this.#ports = ports;
  }

  static async start(programs: Programs, options: ServerOptions = {}): Promise<PrivateApiServer> {
    const folder = await mkdtemp(join(tmpdir(), "lanyard-api-server-"));
    const plane = new PrivateApiServer(programs, folder, await freePorts(), options);
    try {
      await plane.#writeFiles();
      plane.#etcd = await plane.#spawn("etcd", plane.#etcdFlags());
      await plane.restart();
    } catch (error) {
      await plane.remove();
      throw error;
    }
    return plane;
  }

  /** As a machine that loses its power: nothing is said to anybody. */
  async kill(): Promise<void> {
    await end(this.#server);
    this.#server = undefined;
  }

  /** Starts it again over what etcd holds, with other options where some are given, and resolves once it is ready. */
  async restart(changes: Omit<ServerOptions, "serviceAccountKey"> = {}): Promise<void> {
    this.#options = { ...this.#options, ...changes };
    this.#server = await this.#spawn("kube-apiserver", this.#serverFlags());
    const deadline = performance.now() + PATIENCE_MS;
    while (!(await isReady(this.#ports.api))) {
      if (this.#server.exitCode !== null || performance.now() > deadline)
        throw new Error(
          `The API server did not start: ${(await readFile(this.#path("kube-apiserver.log"), "utf8")).slice(-2000)}`,
        );
      await sleep(POLL_MS);
    }
  }

  /** Garbage collection and the end of namespaces, for the kinds that there are by now; and ClusterRoles made of others. */
  async startControllers(): Promise<void> {
    this.#controllers = await this.#spawn("kube-controller-manager", [
      ...[`--kubeconfig=${this.kubeconfig}`, "--leader-elect=false", "--secure-port=0"],
      "--controllers=garbage-collector-controller,namespace-controller,clusterrole-aggregation-controller",
    ]);
  }

  /** Resolves with the path of a kubeconfig for whom the token, of a ServiceAccount say, belongs to. */
  async kubeconfigWith(token: string): Promise<string> {
    const file = join(await mkdtemp(this.#path("user-")), "kubeconfig");
    await this.#writeKubeconfig(file, token);
    return file;
  }

  async remove(): Promise<void> {
    await end(this.#controllers);
    await end(this.#server);
    await end(this.#etcd);
    await rm(this.#folder, { recursive: true, force: true });
  }

  #path(name: string): string {
    return join(this.#folder, name);
  }

  async #writeFiles(): Promise<void> {
    await writeFile(this.#path("service-accounts.key"), this.#options.serviceAccountKey ?? rsaKey());
    await writeFile(this.#path("tokens.csv"), `${TOKEN},administrator,administrator,system:masters\n`);
    await this.#writeKubeconfig(this.kubeconfig, TOKEN);
  }

  async #writeKubeconfig(file: string, token: string): Promise<void> {
    const cluster = { server: this.url, "insecure-skip-tls-verify": true };
    const kubeconfig = {
      ...{ apiVersion: "v1", kind: "Config", "current-context": CONTEXT },
      clusters: [{ name: CONTEXT, cluster }],
      users: [{ name: CONTEXT, user: { token } }],
      contexts: [{ name: CONTEXT, context: { cluster: CONTEXT, user: CONTEXT } }],
    };
    await writeFile(file, stringify(kubeconfig));
  }

  #etcdFlags(): readonly string[] {
    const { etcd, etcdPeer } = this.#ports;
    const [client, peer] = [`http://127.0.0.1:${etcd}`, `http://127.0.0.1:${etcdPeer}`];
    return [
      ...["--unsafe-no-fsync", "--log-level=warn", `--data-dir=${this.#path("etcd")}`],
      ...[`--listen-client-urls=${client}`, `--advertise-client-urls=${client}`, `--listen-peer-urls=${peer}`],
      ...[`--initial-advertise-peer-urls=${peer}`, `--initial-cluster=default=${peer}`],
    ];
  }

  #serverFlags(): readonly string[] {
    const key = this.#path("service-accounts.key");
    const { authorization = "AlwaysAllow", flags = [], serviceAccountIssuers = [DEFAULT_ISSUER] } = this.#options;
    return [
      ...[`--etcd-servers=http://127.0.0.1:${this.#ports.etcd}`, `--secure-port=${this.#ports.api}`],
      ...["--bind-address=127.0.0.1", "--advertise-address=127.0.0.1", "--endpoint-reconciler-type=none"],
      ...[`--cert-dir=${this.#path("certificates")}`, `--token-auth-file=${this.#path("tokens.csv")}`],
      ...[`--authorization-mode=${authorization}`, "--service-cluster-ip-range=10.97.0.0/16"],
      ...[
        ...serviceAccountIssuers.map((issuer) => `--service-account-issuer=${issuer}`),
        `--service-account-key-file=${key}`,
      ],
      ...[`--service-account-signing-key-file=${key}`, "--disable-admission-plugins=ServiceAccount"],
      ...flags,
    ];
  }

  async #spawn(name: string, flags: readonly string[]): Promise<ChildProcess> {
    const log = await open(this.#path(`${name}.log`), "a");
    const child = spawn(join(this.#programs.folder, name), flags, { stdio: ["ignore", log.fd, log.fd] });
    await new Promise<void>((resolve, reject) => child.once("spawn", resolve).once("error", reject));
    await log.close();
    return child;
  }
}

function rsaKey(): string {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

interface Ports {
  readonly api: number;
  readonly etcd: number;
  readonly etcdPeer: number;
}

async function freePorts(): Promise<Ports> {
  const servers = [createServer(), createServer(), createServer()];
  const [api = 0, etcd = 0, etcdPeer = 0] = await Promise.all(servers.map(listen));
  for (const server of servers) server.close();
  return { api, etcd, etcdPeer };
}

function listen(server: ReturnType<typeof createServer>): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

async function end(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await exited;
}

function isReady(port: number): Promise<boolean> {
  const headers = { authorization: `Bearer ${TOKEN}` };
  return new Promise((resolve) => {
    const sent = request({
      host: "127.0.0.1",
      port,
      path: "/readyz",
      headers,
      rejectUnauthorized: false,
      agent: false,
    });
    sent.once("response", (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    sent.once("error", () => resolve(false)).end();
  });
}
