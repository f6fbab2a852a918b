import { expect, test } from "vitest";
import { QuestionMeter } from "../../identity/condition-judge.ts";
import { podFactsReader } from "../../issuer/pod-request-facts.ts";
import type { KubeApi } from "../../kube/api.ts";
import { kept } from "../../kube/kept.ts";
import { pods } from "../../kube/kinds.ts";
import { label } from "../support/limited-assignment.ts";
import { World } from "../support/world.ts";

async function counted() {
  const world = await World.create();
  await world.namespace("shop");
  const reads = { count: 0 };
  const api: KubeApi = Object.create(world.api, {
    get: {
      value: (...args: Parameters<KubeApi["get"]>) => {
        reads.count += 1;
        return world.api.get(...args);
      },
    },
  });
  const cached = async (name: string, labels: Record<string, string>) => {
    await label(world, `shop/${name}`, labels);
    return kept(pods).parse(await world.api.get(pods, { namespace: "shop", name }));
  };
  return { world, reads, cached, read: podFactsReader(api, world.clock) };
}

/** `characters` of labels, as many as a value may have in each. */
const long = (characters: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: Math.ceil(characters / 63) }, (_, at) => [`l${at}`, "x".repeat(63)]));

test("an ordinary pod costs no read and no step", async () => {
  const { world, reads, cached, read } = await counted();
  await world.pod("shop/a");
  const meter = new QuestionMeter();
  expect((await read(await cached("a", { team: "shop" }), meter))?.labels).toEqual({ team: "shop" });
  expect([reads.count, meter.cost]).toEqual([0, 0]);
});

test("a pod with long labels is read once for each version of it, and whoever asks pays", async () => {
  const { world, reads, cached, read } = await counted();
  await world.pod("shop/a");
  const first = await cached("a", long(3_000));
  const meter = new QuestionMeter();
  for (let at = 0; at < 3; at++) expect((await read(first, meter))?.labels).toEqual(long(3_000));
  expect([reads.count, meter.cost]).toEqual([1, 5_000]);
  expect((await read(await cached("a", { ...long(3_000), team: "shop" })))?.labels.team).toBe("shop");
  expect(reads.count).toBe(2);
});

test("what is kept of many such pods is bounded: the oldest are read again", async () => {
  const { world, reads, cached, read } = await counted();
  const all = [];
  for (let at = 0; at < 5; at++) {
    await world.pod(`shop/p${at}`);
    all.push(await cached(`p${at}`, long(600_000)));
  }
  for (const pod of all) await read(pod);
  for (const pod of all.slice(3)) await read(pod);
  expect(reads.count).toBe(5);
  if (all[0] !== undefined) await read(all[0]);
  expect(reads.count).toBe(6);
});

test("a deleted pod has no facts, and neither has another pod of its name", async () => {
  const { world, cached, read } = await counted();
  await world.pod("shop/a");
  const pod = await cached("a", long(3_000));
  await world.delete(pods, "shop/a");
  expect(await read(pod)).toBeUndefined();
  await world.pod("shop/a");
  await world.clock.advance(5_000);
  expect(await read(pod)).toBeUndefined();
});
