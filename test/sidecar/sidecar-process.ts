import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";
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
    readyz: async () => (await fetch(`http://127.0.0.1:${ports.probePort}/readyz`)).json(),
    token: (audience: string) =>
      fetch(`http://127.0.0.1:${ports.port}${imds(`resource=${audience}`)}`, { headers: METADATA }),
  };
}

/** Runs the gate; `more` are variables that it finds besides. */
export async function wait(
  probePort: number,
  seconds: string,
  more: Record<string, string> = {},
): Promise<{ code: number | null; said: string }> {
  const process = spawn(builtBinary(), ["wait"], {
    env: { LANYARD_PROBE_PORT: String(probePort), LANYARD_GATE_SECONDS: seconds, ...more },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  process.stderr.on("data", (chunk) => {
    said += chunk;
  });
  const code = await new Promise<number | null>((resolve) => process.on("close", resolve));
  return { code, said };
}
