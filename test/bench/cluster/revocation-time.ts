import { setTimeout as sleep } from "node:timers/promises";
import { inflateSync } from "node:zlib";
import { decodeJwt } from "jose";
import { z } from "zod";
import type { KubeApi } from "../../../kube/api.ts";
import { type Row, row, type Section } from "../report.ts";
import type { IssuerConnection } from "./issuer-connection.ts";
import { AUDIENCE } from "./objects.ts";
import { NAMESPACE } from "./pods.ts";
import { quantile } from "./quantile.ts";
import { effects, type Holder, podDeleted, type RevocationEffect, undo } from "./revocation-effects.ts";
import type { WatchedPod } from "./watched-pods.ts";

export interface RevocationBench {
  readonly api: KubeApi;
  readonly issuer: IssuerConnection;
  /** Of a pod of another kind, that asks about the others' tokens. */
  readonly askerToken: string;
  /** Each is used up by one trial of its deletion. */
  readonly pods: readonly WatchedPod[];
  readonly trials: number;
  readonly budgetMs: number;
}

const observations = [
  "new token refused",
  "new token good",
  "introspection",
  "decision endpoint",
  "status list",
] as const;
type Observation = (typeof observations)[number];
type Times = Record<Observation, number[]>;

const claimsSchema = z.object({
  sub: z.string(),
  status: z.object({ status_list: z.object({ idx: z.number(), uri: z.string() }) }),
});
const listSchema = z.object({ status_list: z.object({ lst: z.string() }) });
const tokenSchema = z.object({ access_token: z.string() });
const activeSchema = z.object({ active: z.boolean() });
const decisionSchema = z.object({ decision: z.boolean() });

const PATIENCE_MS = 30_000;
const PAUSE_MS = 5;

/** From the beginning of the write that revokes a token to the first answer that says so, in each of the ways there are. */
export async function benchRevocation(bench: RevocationBench): Promise<Section> {
  const times: Times = {
    ...{ "new token refused": [], "new token good": [], introspection: [], "decision endpoint": [], "status list": [] },
  };
  const kinds = [...effects, podDeleted];
  const deadline = performance.now() + bench.budgetMs;
  let trials = 0;
  const spare = [...bench.pods];
  while (trials < bench.trials && performance.now() < deadline) {
    const effect = kinds[trials % kinds.length];
    const pod = effect === podDeleted ? spare.pop() : spare[trials % spare.length];
    if (effect === undefined || pod === undefined) break;
    await trial(effect, pod, bench, times);
    trials++;
  }
  return {
    heading: "Token taken back → felt",
    floor: "",
    rows: observations.flatMap((name) => figures(name, times[name])),
    notes: [
      `${trials} trials with the seven ways in turn: ${kinds.map(({ name }) => name).join(", ")}. The write is in the time.`,
      "The decision endpoint is asked in the trials that end the access, and not the tokens alone.",
      "A status list is what the issuer publishes; a verifier may keep one for 30 s.",
    ],
  };
}

export function figures(name: string, values: readonly number[], atMost: number = 1000): Row[] {
  return [
    row(`${name}, p50 of ${values.length}`, "ms", { ours: quantile(values, 0.5) }),
    row(`${name}, p99`, "ms", { ours: quantile(values, 0.99), target: { atMost } }),
  ];
}

async function trial(effect: RevocationEffect, pod: WatchedPod, bench: RevocationBench, times: Times): Promise<void> {
  const token = await issuedToken(pod, bench);
  const holder = { pod: pod.name, token };
  const start = performance.now();
  const measure = async (name: Observation, isFelt: () => Promise<boolean>): Promise<void> => {
    while (!(await isFelt())) {
      if (performance.now() - start > PATIENCE_MS) throw new Error(`"${effect.name}" was not felt by ${name} in 30 s.`);
      await sleep(PAUSE_MS);
    }
    times[name].push(performance.now() - start);
  };
  await effect.take(bench.api, holder);
  await Promise.all([
    effect.endsAccess
      ? measure("new token refused", () => isRefused(pod, bench))
      : measure("new token good", () => isReplaced(pod, bench)),
    measure("introspection", async () => !(await isActive(token, bench))),
    ...(effect.endsAccess ? [measure("decision endpoint", () => isDenied(holder, bench))] : []),
    measure("status list", () => isListed(token, bench)),
  ]);
  await undo(effect, bench.api);
}

/** Waits until the access of the trial before is restored. */
export async function issuedToken(
  { subjectToken }: WatchedPod,
  { issuer }: Pick<RevocationBench, "issuer">,
): Promise<string> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const { status, body } = await issuer.exchange(subjectToken, AUDIENCE);
    if (status === 200) return tokenSchema.parse(JSON.parse(body)).access_token;
    if (performance.now() > deadline) throw new Error(`The issuer answered ${status}: ${body}`);
    await sleep(PAUSE_MS);
  }
}

async function isRefused({ subjectToken }: WatchedPod, { issuer }: RevocationBench): Promise<boolean> {
  const { status, body } = await issuer.exchange(subjectToken, AUDIENCE);
  return status >= 400 && status !== 429 && !body.includes("RateLimited");
}

async function isReplaced({ subjectToken }: WatchedPod, bench: RevocationBench): Promise<boolean> {
  const { status, body } = await bench.issuer.exchange(subjectToken, AUDIENCE);
  return status === 200 && isActive(tokenSchema.parse(JSON.parse(body)).access_token, bench);
}

async function isActive(token: string, { issuer, askerToken }: RevocationBench): Promise<boolean> {
  const { status, body } = await issuer.post("/introspect", { token }, { authorization: `Bearer ${askerToken}` });
  if (status !== 200) throw new Error(`Introspection answered ${status}: ${body}`);
  return activeSchema.parse(JSON.parse(body)).active;
}

/** The decision is about what a pod may do, so that the revocation of a token alone does not change it. */
async function isDenied({ pod, token }: Holder, { issuer, askerToken }: RevocationBench): Promise<boolean> {
  const subject = { type: "managed_identity", id: claimsSchema.parse(decodeJwt(token)).sub };
  const context = { pod: { namespace: NAMESPACE, name: pod } };
  const question = { subject, action: { name: "orders/read" }, resource: { type: "audience", id: AUDIENCE }, context };
  const headers = { "content-type": "application/json", authorization: `Bearer ${askerToken}` };
  const asked = { method: "POST", path: "/access/v1/evaluation", headers, body: JSON.stringify(question) } as const;
  const { status, body } = await issuer.send(asked);
  if (status !== 200) throw new Error(`The decision endpoint answered ${status}: ${body}`);
  return !decisionSchema.parse(JSON.parse(body)).decision;
}

async function isListed(token: string, { issuer }: RevocationBench): Promise<boolean> {
  const { idx, uri } = claimsSchema.parse(decodeJwt(token)).status.status_list;
  const { status, body } = await issuer.send({ method: "GET", path: new URL(uri).pathname });
  if (status !== 200) return false;
  const bits = inflateSync(Buffer.from(listSchema.parse(decodeJwt(body)).status_list.lst, "base64url"));
  return (((bits[idx >> 3] ?? 0) >> (idx & 7)) & 1) === 1;
}
