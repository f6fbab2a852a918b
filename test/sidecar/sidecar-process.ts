import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";
import { STATUS_PATH } from "../../sidecar/status.ts";
import { builtBinary } from "./built-binary.ts";
import { HEADER, imds, METADATA } from "./endpoint.ts";

/** Starts the compiled binary as it runs in a pod, until the test is over. */
export async function startSidecar(environment: Record<string, string>) {
  const process = spawn(builtBinary(), {
    env: {
      LANYARD_ENDPOINT_HEADER: HEADER,
      LANYARD_PORT: "0",
      LANYARD_PROBE_PORT: "0",
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void process.kill("SIGKILL"));
  let errors = "";
  process.stderr.on("data", (chunk) => {
    errors += chunk;
  });
  const lines: Record<string, unknown>[] = [];
  const listening = Promise.withResolvers<{ port: number; probePort: number }>();
  createInterface(process.stdout).on("line", (line) => {
    const fields = JSON.parse(line);
    lines.push(fields);
    if (fields.message === "listening") listening.resolve(fields);
  });
  const ports = await listening.promise;
  return {
    process,
    lines,
    /** What it wrote besides its log. */
    errors: () => errors,
    ports,
    /** What the gate is told. */
    status: async () =>
      (
        await fetch(`http://127.0.0.1:${ports.port}${STATUS_PATH}`, { headers: { "x-identity-header": HEADER } })
      ).json(),
    token: (audience: string) =>
      fetch(`http://127.0.0.1:${ports.port}${imds(`resource=${audience}`)}`, { headers: METADATA }),
  };
}

/** Runs the gate for the sidecar on a port; `more` are variables that it finds besides. */
export function wait(port: number, seconds: string, more: Record<string, string> = {}): Promise<Ended> {
  return run(["wait"], port, seconds, more);
}

export interface Ended {
  readonly code: number | null;
  readonly said: string;
}

/** Runs what the kubelet runs in the sidecar's container. */
export async function run(
  args: readonly string[],
  port: number,
  seconds: string,
  more: Record<string, string> = {},
): Promise<Ended> {
  const process = spawn(builtBinary(), args, {
    env: { LANYARD_PORT: String(port), LANYARD_ENDPOINT_HEADER: HEADER, LANYARD_GATE_SECONDS: seconds, ...more },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  process.stderr.on("data", (chunk) => {
    said += chunk;
  });
  const code = await new Promise<number | null>((resolve) => process.on("close", resolve));
  return { code, said };
}
