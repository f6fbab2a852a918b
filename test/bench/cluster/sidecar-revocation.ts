import { setTimeout as sleep } from "node:timers/promises";
import { createHandler } from "../../../sidecar/handler.ts";
import { createIssuerClient } from "../../../sidecar/issuer-client.ts";
import { defaultLimits } from "../../../sidecar/limits.ts";
import type { Row } from "../report.ts";
import { AUDIENCE } from "./objects.ts";
import { effects, type Holder, podDeleted, type RevocationEffect, undo } from "./revocation-effects.ts";
import { figures, issuedToken, type RevocationBench } from "./revocation-time.ts";
import type { WatchedPod } from "./watched-pods.ts";

const TARGET_MS = 5000;
const PATIENCE_MS = 15_000;
/** How often the application asks. */
const ASKED_EVERY_MS = 50;
const CONFIRMED_EVERY_MS = defaultLimits.confirmSeconds * 1000;

interface Endpoint {
  readonly pod: WatchedPod;
  readonly ask: () => Promise<string | undefined>;
  readonly stop: () => void;
}

/** The sidecars of several pods, whose applications ask in a loop: from the write until none serves its kept token. */
export async function benchSidecars(bench: RevocationBench, perEffect: number): Promise<Row[]> {
  const times: number[] = [];
  const pods = bench.pods.slice(0, perEffect);
  for (const effect of [...effects, podDeleted]) {
    for (const pod of pods.slice(0, 1)) await issuedToken(pod, bench);
    const endpoints = pods.map((pod) => endpointOf(pod, bench));
    times.push(...(await Promise.all(endpoints.map((endpoint) => dropped(effect, endpoint, endpoints, bench)))));
    for (const { stop } of endpoints) stop();
    await undo(effect, bench.api);
  }
  return figures("sidecar serves a kept token no more", times, TARGET_MS);
}

/** Each begins at another moment between two confirmations. What concerns the identity is written once, by the first. */
async function dropped(
  effect: RevocationEffect,
  endpoint: Endpoint,
  all: readonly Endpoint[],
  { api }: RevocationBench,
): Promise<number> {
  await sleep((all.indexOf(endpoint) / all.length) * CONFIRMED_EVERY_MS);
  const token = await endpoint.ask();
  if (token === undefined) throw new Error("A sidecar had no token to begin with.");
  const holder: Holder = { pod: endpoint.pod.name, token };
  await sleep(CONFIRMED_EVERY_MS * (1 - all.indexOf(endpoint) / all.length));
  const start = performance.now();
  if (concernsOne(effect) || endpoint === all[0]) await effect.take(api, holder);
  while ((await endpoint.ask()) === token) {
    if (performance.now() - start > PATIENCE_MS) throw new Error(`"${effect.name}" did not reach a sidecar in 15 s.`);
    await sleep(ASKED_EVERY_MS);
  }
  return performance.now() - start;
}

const concernsOne = ({ name }: RevocationEffect): boolean => /pod|token id/.test(name);

function endpointOf(pod: WatchedPod, { issuer }: RevocationBench): Endpoint {
  const handler = createHandler({
    endpointHeader: "bench",
    issuer: createIssuerClient({
      url: "https://issuer.invalid",
      readSubjectToken: async () => pod.subjectToken,
      fetch: Object.assign(
        async (url: string | URL | Request, init: RequestInit = {}) => {
          const method = init.method === "POST" ? "POST" : "GET";
          const headers = Object.fromEntries(new Headers(init.headers));
          const path = new URL(String(url)).pathname;
          const { status, body } = await issuer.send({ method, path, headers, body: String(init.body ?? "") });
          return new Response(body, { status });
        },
        { preconnect: () => {} },
      ),
    }),
  });
  return {
    pod,
    stop: () => handler.stop(),
    async ask() {
      const request = new Request(`http://127.0.0.1/token?audience=${AUDIENCE}`, { headers: { Metadata: "true" } });
      const body: unknown = await (await handler.handle(request)).json();
      const token = typeof body === "object" && body !== null && "access_token" in body ? body.access_token : undefined;
      return typeof token === "string" ? token : undefined;
    },
  };
}
