import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { atExit } from "./at-exit.ts";
import type { BenchIssuer } from "./bench-issuer.ts";
import { pinned } from "./cores.ts";
import { audiences } from "./issuer-world.ts";

/** A program that serves tokens to a pod: the sidecar, or the floor that it is measured against. */
export interface TokenServer {
  readonly pid: number;
  readonly port: number;
  /** Milliseconds on the clock of `performance.now()`, just before it was executed. */
  readonly startedAt: number;
  stop(): Promise<void>;
}

/** Resolves once it listens; its first token may still be on its way. */
export async function startTokenServer(program: string, issuer: BenchIssuer, core: number): Promise<TokenServer> {
  const startedAt = performance.now();
  const [taskset, ...args] = pinned(core, [program]);
  const child = spawn(taskset, args, { env: environment(issuer), stdio: ["ignore", "pipe", "inherit"] });
  atExit(() => child.kill("SIGKILL"));
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  return {
    pid: child.pid ?? 0,
    port: await portOf(child, program),
    startedAt,
    async stop() {
      child.kill();
      await ended;
    },
  };
}

/** As the webhook would set it for a pod with one audience, but for the port, the trusted certificate and the last line. */
function environment({ url, folder }: BenchIssuer): Record<string, string> {
  const certificate = join(folder, "cert.pem");
  return {
    LANYARD_ISSUER_URL: url,
    LANYARD_SUBJECT_TOKEN_FILE: join(folder, "subject-token"),
    LANYARD_ENDPOINT_HEADER: "bench",
    LANYARD_AUDIENCES: audiences.RS256,
    LANYARD_PORT: "0",
    // The certificate to trust, as the sidecar and as Go read it.
    LANYARD_ISSUER_CA_FILE: certificate,
    SSL_CERT_FILE: certificate,
    LANYARD_BYPASSES_PER_SECOND: "10000",
    LANYARD_ISSUER_CALLS_PER_SECOND: "10000",
  };
}

/** Both programs print one line of JSON when they listen. */
async function portOf(child: ChildProcess, program: string): Promise<number> {
  if (child.stdout === null) throw new Error(`${program} has no output`);
  for await (const line of createInterface(child.stdout)) return JSON.parse(line).port;
  throw new Error(`${program} ended before it listened`);
}
