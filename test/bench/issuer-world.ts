import type { Pod, ServiceAccount } from "../../kube/core-objects.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { World } from "../support/world.ts";

/** One resource for each way to sign; every pod may have tokens for both. */
export const audiences = { RS256: "https://ledger.bench.svc", ES256: "https://orders.bench.svc" } as const;

export type Algorithm = keyof typeof audiences;

export interface BenchPod {
  readonly pod: Pod;
  readonly account: ServiceAccount;
}

const NAMESPACES = 10;
const PODS_PER_NAMESPACE = 30;

/** A cluster of some hundred pods, each with an identity of its own and a role on both resources. */
export async function benchWorld(): Promise<{ world: World; pods: readonly BenchPod[] }> {
  const world = await World.create(new FakeClock(Date.now()));
  await world.namespace("bench");
  await world.role("reader");
  for (const [algorithm, audience] of Object.entries(audiences)) {
    await world.resource(`bench/${algorithm.toLowerCase()}`, audience, { signingAlgorithm: algorithm });
  }
  const pods: BenchPod[] = [];
  for (let namespace = 0; namespace < NAMESPACES; namespace++) {
    await world.namespace(`team-${namespace}`);
    for (let index = 0; index < PODS_PER_NAMESPACE; index++) {
      pods.push(await podWithIdentity(world, `team-${namespace}`, `app-${index}`));
    }
  }
  return { world, pods };
}

async function podWithIdentity(world: World, namespace: string, name: string): Promise<BenchPod> {
  const account = await world.serviceAccount(`${namespace}/${name}`);
  await world.identity(`${namespace}/${name}`, { subjects: [{ serviceAccount: name }] });
  for (const algorithm of Object.keys(audiences)) {
    await world.assignment(`bench/${namespace}-${name}-${algorithm.toLowerCase()}`, {
      to: `${namespace}/${name}`,
      role: "reader",
      resource: algorithm.toLowerCase(),
    });
  }
  return { pod: await world.pod(`${namespace}/${name}-0`, { serviceAccount: name }), account };
}
