import { readFile } from "node:fs/promises";
import { Agent, request } from "node:https";
import { parse } from "yaml";
import { z } from "zod";
import type { Arena } from "../attack.ts";

const AT_ONCE = 8;
const kubeconfigSchema = z.object({
  clusters: z.tuple([z.object({ cluster: z.object({ server: z.string() }) })]),
  users: z.tuple([z.object({ user: z.object({ token: z.string() }) })]),
});
const objectSchema = z.looseObject({
  ...{ apiVersion: z.string(), kind: z.string() },
  metadata: z.looseObject({ namespace: z.string() }),
});

/** Creates objects of one namespace, a few at a time. One that exists from an earlier try stays. Rejects when others are refused. */
export async function createMany({ cluster }: Arena, count: number, make: (number: number) => object): Promise<void> {
  const { clusters, users } = kubeconfigSchema.parse(parse(await readFile(cluster.kubeconfig, "utf8")));
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE, rejectUnauthorized: false });
  const to = { server: clusters[0].cluster.server, token: users[0].user.token, agent };
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) await create(make(next++), to);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  agent.destroy();
}

interface Server {
  readonly server: string;
  readonly token: string;
  readonly agent: Agent;
}

function create(object: object, { server, token, agent }: Server): Promise<void> {
  const { apiVersion, kind, metadata } = objectSchema.parse(object);
  const plural = kind.endsWith("y") ? `${kind.slice(0, -1)}ies` : `${kind}s`;
  const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const url = new URL(`${root}/namespaces/${metadata.namespace}/${plural.toLowerCase()}`, server);
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: "POST", headers, agent }, (response) => {
      const isThere = response.statusCode === 201 || response.statusCode === 409;
      response.resume().once("end", () => (isThere ? resolve() : reject(new Error(`${kind}: ${response.statusCode}`))));
    });
    sent.once("error", reject).end(JSON.stringify(object));
  });
}
