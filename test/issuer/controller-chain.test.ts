import { describe, expect, test } from "vitest";
import { controllerChain } from "../../issuer/controller-chain.ts";
import { deployments, replicaSets } from "../../kube/kinds.ts";
import { jsonBody } from "../support/json-body.ts";
import { shop } from "../support/shop.ts";
import { World } from "../support/world.ts";

/** A token request of a pod of Deployment `shop/web`, which has a system-assigned identity. */
async function web() {
  const it = await shop();
  const { world, tokens } = it;
  const account = await world.serviceAccount("shop/default");
  const made = await world.deployment("shop/web");
  const identity = await world.systemIdentity("shop/web", made.deployment);
  await world.assignment("payments/web-reads", { to: "shop/web", role: "secrets-reader", resource: "payments-vault" });
  const ask = async () => {
    const reply = await it.exchange({ subject_token: await tokens.mintPodToken(made.pod, account) });
    return { status: reply.status, ...(await jsonBody(reply)) };
  };
  return { ...it, ...made, identity, account, ask };
}

describe("the system-assigned identity of a workload", () => {
  test("is that of its pods, through the ReplicaSet between them", async () => {
    const { ask, identity } = await web();
    expect(await ask()).toMatchObject({ status: 200, client_id: identity.status?.clientId });
  });

  test("is not that of a pod beside it with the same ServiceAccount", async () => {
    const { world, tokens, account, exchange } = await web();
    const other = await world.pod("shop/other");
    const reply = await exchange({ subject_token: await tokens.mintPodToken(other, account) });
    expect(await jsonBody(reply)).toMatchObject({ error_code: "NoIdentity" });
  });
});

describe("controllerChain", () => {
  const reader =
    (world: World) =>
    async ({ kind, name }: { kind: string; name: string }, namespace: string) =>
      world.api.get(kind === "Deployment" ? deployments : replicaSets, { namespace, name }).catch(() => undefined);

  test("holds the pod and each controller above it", async () => {
    const world = await World.create();
    await world.namespace("shop");
    const { deployment, replicaSet, pod } = await world.deployment("shop/web");
    const uids = [pod, replicaSet, deployment].map(({ metadata }) => metadata.uid);
    expect([...(await controllerChain(pod, reader(world)))]).toEqual(uids);
  });

  test("an owner that is not the controller gives nothing", async () => {
    const world = await World.create();
    await world.namespace("shop");
    const { pod } = await world.deployment("shop/web");
    const [reference] = pod.metadata.ownerReferences ?? [];
    const ownerReferences = reference === undefined ? [] : [{ ...reference, controller: false }];
    const chain = await controllerChain({ ...pod, metadata: { ...pod.metadata, ownerReferences } }, reader(world));
    expect([...chain]).toEqual([pod.metadata.uid]);
  });

  test("an owner that was made again under the name is another", async () => {
    const world = await World.create();
    await world.namespace("shop");
    const { replicaSet, pod } = await world.deployment("shop/web");
    const again = { ...replicaSet, metadata: { ...replicaSet.metadata, uid: "another" } };
    expect([...(await controllerChain(pod, async () => again))]).toEqual([pod.metadata.uid]);
  });

  test("references in a circle end", async () => {
    const world = await World.create();
    await world.namespace("shop");
    const { replicaSet } = await world.deployment("shop/web");
    const { apiVersion, kind, metadata } = replicaSet;
    const circle = { apiVersion, kind, name: metadata.name, uid: metadata.uid, controller: true };
    const looped = { ...replicaSet, metadata: { ...metadata, ownerReferences: [circle] } };
    expect([...(await controllerChain(looped, async () => looped))]).toEqual([metadata.uid]);
  });
});
