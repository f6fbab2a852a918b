import { expect, onTestFinished, test } from "vitest";
import { customWorkload } from "../../../kube/custom-workloads.ts";
import type { Kind, KubeObject } from "../../../kube/kind.ts";
import { allKinds, deployments, managedIdentities, pods, replicaSets } from "../../../kube/kinds.ts";
import { startOperator } from "../../../operator/operator.ts";
import { silentLog } from "../../support/silent-log.ts";
import { Cluster } from "../cluster.ts";

const rollouts = customWorkload("argoproj.io/v1alpha1", "Rollout", "rollouts");
const controlledBy = ({ apiVersion, kind, metadata: { name, uid } }: KubeObject) => ({
  ...{ apiVersion, kind, name, uid },
  controller: true,
});

async function clusterThatReads(customWorkloads: readonly Kind[]) {
  const cluster = await Cluster.withoutOperator([...allKinds, rollouts]);
  const { api, clock } = cluster;
  const operator = startOperator({ api, clock, log: silentLog, kubernetesRoles: "ignore", customWorkloads });
  onTestFinished(() => operator.stop());
  await operator.idle();
  return { cluster, idle: () => operator.idle() };
}

const identitiesOf = (cluster: Cluster) => cluster.all(managedIdentities);

test("a controller of a kind that the installation reads has an identity of its own, and takes it along", async () => {
  const { cluster, idle } = await clusterThatReads([rollouts]);
  const rollout = await cluster.workload(rollouts, "shop/web", "true");
  const replicaSet = await cluster.workload(replicaSets, "shop/web-1", "true", controlledBy(rollout));
  await cluster.workload(pods, "shop/web-1-a", "true", controlledBy(replicaSet));
  await idle();
  const { apiVersion, kind, metadata } = rollout;
  const workload = { apiVersion, kind, name: "web", uid: metadata.uid };
  expect(await identitiesOf(cluster)).toMatchObject([
    { metadata: { ownerReferences: [workload] }, spec: { type: "SystemAssigned", workload } },
  ]);
  expect(await cluster.eventsOn("shop/web")).toEqual([]);
  await cluster.delete(rollouts, "shop/web");
  await idle();
  expect(await identitiesOf(cluster)).toEqual([]);
});

test("an owner reference in another version of the group is the same kind", async () => {
  const { cluster, idle } = await clusterThatReads([rollouts]);
  const rollout = await cluster.workload(rollouts, "shop/web", "true");
  const reference = { ...controlledBy(rollout), apiVersion: "argoproj.io/v1" };
  await cluster.workload(pods, "shop/web-a", "true", reference);
  await idle();
  expect(await cluster.eventsOn("shop/web")).toEqual([]);
});

test.each([
  ["its pods", pods],
  ["its ReplicaSets", replicaSets],
])("a controller of an unknown kind is told by %s which chart value is missing, once", async (_, below) => {
  const { cluster, idle } = await clusterThatReads([]);
  const rollout = await cluster.workload(rollouts, "shop/web", "true");
  for (const name of ["shop/web-a", "shop/web-b"])
    await cluster.workload<KubeObject>(below, name, "true", controlledBy(rollout));
  await idle();
  const told = await cluster.eventsOn("shop/web");
  expect(told).toMatchObject([{ type: "Warning", reason: "ControllerUnknown", regarding: { kind: "Rollout" } }]);
  expect(told[0]?.note).toContain("API group argoproj.io to the chart value workloads");
  expect(told[0]?.series).toBeUndefined();
  expect(await identitiesOf(cluster)).toEqual([]);
});

test("a known controller, and pods that ask for nothing, are told nothing", async () => {
  const { cluster, idle } = await clusterThatReads([]);
  const rollout = await cluster.workload(rollouts, "shop/web");
  await cluster.workload(pods, "shop/web-a", undefined, controlledBy(rollout));
  const deployment = await cluster.workload(deployments, "shop/other", "true");
  await cluster.workload(replicaSets, "shop/other-1", "true", controlledBy(deployment));
  await idle();
  expect([...(await cluster.eventsOn("shop/web")), ...(await cluster.eventsOn("shop/other"))]).toEqual([]);
});

test("an identity stays when its kind is taken out of the chart value", async () => {
  const { cluster, idle } = await clusterThatReads([]);
  const rollout = await cluster.workload(rollouts, "shop/web", "true");
  const { apiVersion, kind, metadata } = rollout;
  const workload = { apiVersion, kind, name: "web", uid: metadata.uid };
  await cluster.apply(managedIdentities, "shop/rollout-web", {
    spec: { type: "SystemAssigned", disabled: false, workload },
  });
  await idle();
  await cluster.advance(3_600_000);
  expect(await identitiesOf(cluster)).toHaveLength(1);
});
