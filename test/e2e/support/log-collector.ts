import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { injection } from "../../../identity/names.ts";
import type { TestCluster } from "../../cluster/test-cluster.ts";
import { SYSTEM } from "./helm.ts";
import { startProxy } from "./proxy.ts";

/** Where the log of each process and sidecar of the run ends up: their pods are gone before anybody reads them. */
export const LOGS = join(import.meta.dirname, "../../../dist/e2e-logs");
const POLL_MS = 1_000;

const containerSchema = z.object({
  name: z.string(),
  containerID: z.string().optional(),
  restartCount: z.number(),
  state: z.object({ waiting: z.unknown().optional() }),
});
const podsSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ namespace: z.string(), name: z.string() }),
      status: z.object({
        initContainerStatuses: z.array(containerSchema).default([]),
        containerStatuses: z.array(containerSchema).default([]),
      }),
    }),
  ),
});

/** One container that has run: `path` is its log's at the API server, `file` where that is kept. */
interface Source {
  readonly path: string;
  readonly file: string;
}

/** Keeps the logs of all of Lanyard's containers until it is stopped. */
export async function collectLogs(cluster: TestCluster): Promise<() => Promise<void>> {
  await rm(LOGS, { recursive: true, force: true });
  await mkdir(LOGS, { recursive: true });
  const proxy = await startProxy(cluster);
  const stopping = new AbortController();
  const followed = new Set<string>();

  const follow = async ({ path, file }: Source): Promise<void> => {
    if (followed.has(file)) return;
    followed.add(file);
    const response = await fetch(`${proxy.url}${path}&follow=true`, { signal: stopping.signal });
    if (response.ok && response.body !== null) {
      await pipeline(Readable.fromWeb(response.body), createWriteStream(join(LOGS, file)));
    } else followed.delete(file);
  };
  const poll = async (): Promise<void> => {
    const response = await fetch(`${proxy.url}/api/v1/pods?resourceVersion=0`, { signal: stopping.signal });
    const sources = sourcesIn(podsSchema.parse(await response.json()));
    // The API server ends what it streams when it is restarted: then all of it is read again.
    for (const source of sources) void follow(source).catch(() => followed.delete(source.file));
  };
  const polling = (async () => {
    while (!stopping.signal.aborted) {
      await poll().catch(() => {});
      await sleep(POLL_MS);
    }
  })();

  return async () => {
    stopping.abort();
    await polling;
    proxy.stop();
  };
}

function sourcesIn({ items }: z.infer<typeof podsSchema>): readonly Source[] {
  return items.flatMap(({ metadata: { namespace, name }, status }) => {
    const containers = [...status.initContainerStatuses, ...status.containerStatuses];
    const ours = containers.filter((each) => namespace === SYSTEM || each.name === injection.container);
    const started = ours.filter(({ containerID, state }) => containerID !== undefined && state.waiting === undefined);
    return started.map((each) => ({
      path: `/api/v1/namespaces/${namespace}/pods/${name}/log?container=${each.name}`,
      file: `${namespace}_${name}_${each.name}_${each.restartCount}.log`,
    }));
  });
}
