import { describe, expect, test } from "vitest";
import { type WorkloadKind, workloadKinds } from "../../../identity/managed-identity.ts";
import { annotations } from "../../../identity/names.ts";
import type { KubeObject } from "../../../kube/kind.ts";
import { deployments, managedIdentities, pods, replicaSets, workloads } from "../../../kube/kinds.ts";
import { conditionOf } from "../builders.ts";
import { Cluster } from "../cluster.ts";

const identitiesOf = (cluster: Cluster) => cluster.all(managedIdentities);
const controlledBy = ({ apiVersion, kind, metadata: { name, uid } }: KubeObject) => ({
  ...{ apiVersion, kind, name, uid },
  controller: true,
});

describe("a workload that asks gets an identity of its own", () => {
  test.each(workloadKinds.map((kind) => [kind]))("%s", async (kind: WorkloadKind) => {
    const cluster = await Cluster.withOperator();
    const { metadata, apiVersion } = await cluster.workload<KubeObject>(workloads[kind], "shop/web", "true");
    const reference = { apiVersion, kind, name: "web", uid: metadata.uid };
    const [identity] = await identitiesOf(cluster);
    expect(identity).toMatchObject({
      metadata: { namespace: "shop", ownerReferences: [reference] },
      spec: { type: "SystemAssigned", workload: reference },
    });
    expect(conditionOf(identity?.status, "Ready")).toMatchObject({ status: "True" });
  });

  test("also when only its pod template asks", async () => {
    const cluster = await Cluster.withOperator();
    const template = { metadata: { annotations: { [annotations.systemAssigned]: "true" } } };
    await cluster.apply(deployments, "shop/web", { spec: { template } });
    expect(await identitiesOf(cluster)).toHaveLength(1);
  });

  test("but not what it controls, to which the annotation was copied down", async () => {
    const cluster = await Cluster.withOperator();
    const deployment = await cluster.workload(deployments, "shop/web", "true");
    const replicaSet = await cluster.workload(replicaSets, "shop/web-7d4b", "true", controlledBy(deployment));
    await cluster.workload(pods, "shop/web-7d4b-x2x9z", "true", controlledBy(replicaSet));
    expect(await identitiesOf(cluster)).toHaveLength(1);
  });

  test("but not one that does not ask", async () => {
    const cluster = await Cluster.withOperator();
    await cluster.workload(deployments, "shop/web");
    await cluster.workload(deployments, "shop/other", "false");
    expect(await identitiesOf(cluster)).toEqual([]);
  });
});

describe("a system-assigned identity goes", () => {
  test("with its workload", async () => {
    const cluster = await Cluster.withOperator();
    await cluster.workload(deployments, "shop/web", "true");
    await cluster.delete(deployments, "shop/web");
    expect(await identitiesOf(cluster)).toEqual([]);
  });

  test("when its workload begins to be deleted", async () => {
    const cluster = await Cluster.withOperator();
    const asking = { [annotations.systemAssigned]: "true" };
    const finalizers = ["example.com/slow"];
    await cluster.apply(deployments, "shop/web", { spec: {} }, { annotations: asking, finalizers });
    await cluster.delete(deployments, "shop/web");
    expect((await cluster.get(deployments, "shop/web")).metadata.deletionTimestamp).toBeDefined();
    expect(await identitiesOf(cluster)).toEqual([]);
  });

  test("with its workload, also while it waits for the annotation", async () => {
    const cluster = await Cluster.withOperator();
    await cluster.workload(deployments, "shop/web", "true");
    await cluster.workload(deployments, "shop/web");
    await cluster.delete(deployments, "shop/web");
    expect(await identitiesOf(cluster)).toEqual([]);
  });

  test("when its workload is gone and garbage collection missed it", async () => {
    const cluster = await Cluster.withoutOperator();
    const workload = { apiVersion: "apps/v1", kind: "Deployment", name: "web", uid: "5e1c0d2e" };
    await cluster.apply(managedIdentities, "shop/left", {
      spec: { type: "SystemAssigned", disabled: false, workload },
    });
    expect(await identitiesOf(cluster)).toHaveLength(1);
    await cluster.startOperator();
    expect(await identitiesOf(cluster)).toEqual([]);
  });

  test("but not for a typo in the annotation", async () => {
    const cluster = await Cluster.withOperator();
    await cluster.workload(deployments, "shop/web", "true");
    await cluster.workload(deployments, "shop/web", "ture");
    expect(await identitiesOf(cluster)).toHaveLength(1);
  });
});

describe("a workload whose annotation was removed", () => {
  const HOUR = 3_600_000;

  test.each([
    ["removed", undefined],
    ["false", "false"],
  ])("(%s) keeps its identity for a day, disabled, and is told so", async (_how, value) => {
    const cluster = await Cluster.withOperator();
    await cluster.workload(deployments, "shop/web", "true");
    await cluster.workload(deployments, "shop/web", value);
    const [identity] = await identitiesOf(cluster);
    expect(identity?.spec).toMatchObject({ type: "SystemAssigned", disabled: true });
    expect(conditionOf(identity?.status, "Ready")).toMatchObject({ status: "False", reason: "DeletionPending" });
    expect(await cluster.eventsOn("shop/web")).toMatchObject([{ type: "Warning", reason: "DeletionPending" }]);
    await cluster.advance(23 * HOUR);
    expect(await identitiesOf(cluster)).toHaveLength(1);
    await cluster.advance(HOUR);
    expect(await identitiesOf(cluster)).toEqual([]);
  });

  test("has the same principal again when the annotation returns", async () => {
    const cluster = await Cluster.withOperator();
    await cluster.workload(deployments, "shop/web", "true");
    const [before] = await identitiesOf(cluster);
    await cluster.workload(deployments, "shop/web");
    await cluster.advance(23 * HOUR);
    await cluster.workload(deployments, "shop/web", "true");
    const [after] = await identitiesOf(cluster);
    expect(after?.metadata.uid).toBe(before?.metadata.uid);
    expect(after?.metadata.annotations ?? {}).toEqual({});
    expect(after?.spec.disabled).toBe(false);
    expect(conditionOf(after?.status, "Ready")).toMatchObject({ status: "True" });
    const told = (await cluster.eventsOn("shop/web")).map(({ reason }) => reason);
    expect(told).toEqual(["DeletionPending", "IdentityRestored"]);
    await cluster.advance(48 * HOUR);
    expect(await identitiesOf(cluster)).toHaveLength(1);
  });

  test("keeps what a person disabled disabled when the annotation returns", async () => {
    const cluster = await Cluster.withOperator();
    await cluster.workload(deployments, "shop/web", "true");
    const [{ metadata } = { metadata: { name: "" } }] = await identitiesOf(cluster);
    await cluster.apply(managedIdentities, `shop/${metadata.name}`, { spec: { disabled: true } });
    await cluster.workload(deployments, "shop/web");
    await cluster.workload(deployments, "shop/web", "true");
    expect((await identitiesOf(cluster))[0]?.spec.disabled).toBe(true);
  });

  test("is noticed also when no operator ran at that moment", async () => {
    const cluster = await Cluster.withOperator();
    await cluster.workload(deployments, "shop/web", "true");
    await cluster.stopOperator();
    await cluster.workload(deployments, "shop/web");
    await cluster.startOperator();
    expect((await identitiesOf(cluster))[0]?.spec.disabled).toBe(true);
    await cluster.advance(25 * HOUR);
    expect(await identitiesOf(cluster)).toEqual([]);
  });

  test("cannot use its identity by enabling it: the operator disables it again", async () => {
    const cluster = await Cluster.withOperator();
    await cluster.workload(deployments, "shop/web", "true");
    await cluster.workload(deployments, "shop/web");
    const [{ metadata } = { metadata: { name: "" } }] = await identitiesOf(cluster);
    await cluster.apply(managedIdentities, `shop/${metadata.name}`, { spec: { disabled: false } });
    await cluster.advance(1_000);
    expect((await identitiesOf(cluster))[0]?.spec.disabled).toBe(true);
  });
});

test("a workload of the same name made later is another principal", async () => {
  const cluster = await Cluster.withOperator();
  await cluster.workload(deployments, "shop/web", "true");
  const [first] = await identitiesOf(cluster);
  await cluster.delete(deployments, "shop/web");
  await cluster.workload(deployments, "shop/web", "true");
  const [second, ...rest] = await identitiesOf(cluster);
  expect(rest).toEqual([]);
  expect(second?.status?.principalId).toBeDefined();
  expect(second?.status?.principalId).not.toBe(first?.status?.principalId);
  expect(second?.metadata.name).not.toBe(first?.metadata.name);
});

describe("a value that is neither true nor false", () => {
  test("is answered with a Warning that says what is expected, once", async () => {
    const cluster = await Cluster.withOperator();
    await cluster.workload(deployments, "shop/web", "yes");
    await cluster.apply(
      deployments,
      "shop/web",
      { spec: { paused: true } },
      { annotations: { [annotations.systemAssigned]: "yes" } },
    );
    const told = await cluster.eventsOn("shop/web");
    expect(told).toMatchObject([{ type: "Warning", reason: "AnnotationInvalid" }]);
    expect(told[0]?.series).toBeUndefined();
    expect(told[0]?.note).toContain('write "true" or "false"');
    expect(await identitiesOf(cluster)).toEqual([]);
  });

  test("is answered again when it was put right and comes back", async () => {
    const cluster = await Cluster.withOperator();
    await cluster.workload(deployments, "shop/web", "yes");
    await cluster.workload(deployments, "shop/web");
    await cluster.workload(deployments, "shop/web", "yes");
    expect(await cluster.eventsOn("shop/web")).toMatchObject([{ reason: "AnnotationInvalid", series: { count: 2 } }]);
  });

  test("is answered once for a whole chain of controllers", async () => {
    const cluster = await Cluster.withOperator();
    const deployment = await cluster.workload(deployments, "shop/web", "yes");
    await cluster.workload(replicaSets, "shop/web-7d4b", "yes", controlledBy(deployment));
    expect(await cluster.eventsOn("shop/web-7d4b")).toEqual([]);
  });
});

test("a ManagedIdentity that a person made under the name is left alone, and the workload waits for the name", async () => {
  const cluster = await Cluster.withOperator();
  await cluster.workload(deployments, "shop/web", "true");
  const [made] = await identitiesOf(cluster);
  const name = `shop/${made?.metadata.name}`;
  await cluster.stopOperator();
  await cluster.delete(managedIdentities, name);
  const theirs = await cluster.identity(name);

  await cluster.startOperator();
  const [kept] = await identitiesOf(cluster);
  expect(kept).toMatchObject({ metadata: { uid: theirs.metadata.uid }, spec: { type: "UserAssigned" } });
  expect(await cluster.eventsOn("shop/web")).toMatchObject([{ type: "Warning", reason: "NameTaken" }]);

  await cluster.delete(managedIdentities, name);
  const [own] = await identitiesOf(cluster);
  expect(own?.spec.type).toBe("SystemAssigned");
});

test("an identity of another name that claims to be the workload's is deleted", async () => {
  const cluster = await Cluster.withOperator();
  const { metadata } = await cluster.workload(deployments, "shop/web", "true");
  const workload = { apiVersion: "apps/v1", kind: "Deployment", name: "web", uid: metadata.uid };
  await cluster.apply(managedIdentities, "shop/mine", { spec: { type: "SystemAssigned", disabled: false, workload } });
  const names = (await identitiesOf(cluster)).map((identity) => identity.metadata.name);
  expect(names).toEqual([expect.stringMatching(/^deployment-web-/)]);
});

test("an identity that claims a workload of another namespace is deleted, and that workload keeps its own", async () => {
  const cluster = await Cluster.withOperator();
  const { metadata } = await cluster.workload(deployments, "shop/web", "true");
  const [own] = await identitiesOf(cluster);
  const workload = { apiVersion: "apps/v1", kind: "Deployment", name: "web", uid: metadata.uid };
  await cluster.apply(managedIdentities, `evil/${own?.metadata.name}`, {
    spec: { type: "SystemAssigned", disabled: false, workload },
  });
  expect((await identitiesOf(cluster)).map((identity) => identity.metadata.uid)).toEqual([own?.metadata.uid]);
});
