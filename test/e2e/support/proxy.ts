import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { kubectlCommand, type TestCluster } from "../../cluster/test-cluster.ts";

export interface Proxy {
  /** Of the API server, over plain HTTP on loopback and as the administrator. */
  readonly url: string;
  stop(): void;
}

/** https://kubernetes.io/docs/tasks/extend-kubernetes/http-proxy-access-api/ */
export async function startProxy(cluster: TestCluster): Promise<Proxy> {
  const [program, ...args] = kubectlCommand(cluster);
  const child = spawn(program, [...args, "proxy", "--port=0"], { stdio: ["ignore", "pipe", "ignore"] });
  const lines = createInterface({ input: child.stdout });
  const [, address] = /(127\.0\.0\.1:\d+)/.exec(await firstOf(lines)) ?? [];
  if (address === undefined) throw new Error("kubectl proxy did not say where it listens.");
  return {
    url: `http://${address}`,
    stop: () => {
      child.kill();
    },
  };
}

async function firstOf(lines: AsyncIterable<string>): Promise<string> {
  for await (const line of lines) return line;
  return "";
}
