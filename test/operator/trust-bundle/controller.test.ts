import { describe, expect, test } from "vitest";
import { injection, installation, labels, TENANT_NAMESPACE } from "../../../identity/names.ts";
import { type ConfigMap, configMaps, secrets } from "../../../kube/cluster-kinds.ts";
import { cronJobs, deployments, events, namespaces, pods } from "../../../kube/kinds.ts";
import { secretText } from "../../../kube/secret-data.ts";
import { StatusError } from "../../../kube/status-error.ts";
import { Cluster, INSTALLED_IN, kindsOfInstallation } from "../cluster.ts";

const optedIn = { labels: { [labels.inject]: "enabled" } };
const asking = { labels: { [labels.inject]: "true" } };
const MINUTE = 60_000;

async function installed(): Promise<Cluster> {
  const cluster = await Cluster.withOperator(kindsOfInstallation);
  await cluster.apply(namespaces, INSTALLED_IN);
  await cluster.apply(namespaces, "shop");
  await cluster.converge();
  return cluster;
}

const authority = async (cluster: Cluster): Promise<string | undefined> =>
  secretText(await cluster.get(secrets, `${INSTALLED_IN}/${installation.authoritySecret}`), "tls.crt");

async function bundleIn(cluster: Cluster, namespace: string): Promise<ConfigMap | undefined> {
  await cluster.idle();
  const found = (await cluster.all(configMaps)).filter(({ metadata }) => metadata.namespace === namespace);
  expect(found.every(({ metadata }) => metadata.name === injection.trustBundle)).toBe(true);
  return found[0];
}

const pod = (cluster: Cluster, name: string, metadata: object = {}, containers: readonly string[] = ["app"]) =>
  cluster.apply(pods, name, { spec: { containers: containers.map((each) => ({ name: each })) } }, metadata);

describe("a namespace has the trust bundle", () => {
  test("once it is opted in", async () => {
    const cluster = await installed();
    expect(await bundleIn(cluster, "shop")).toBeUndefined();
    await cluster.apply(namespaces, "shop", {}, optedIn);
    expect((await bundleIn(cluster, "shop"))?.data).toEqual({ [injection.trustBundleKey]: await authority(cluster) });
  });

  test("once a pod of it asks for injection", async () => {
    const cluster = await installed();
    await pod(cluster, "shop/orders", asking);
    expect(await bundleIn(cluster, "shop")).toBeDefined();
  });

  test("while a pod of it is injected, whatever its labels say now", async () => {
    const cluster = await installed();
    await pod(cluster, "shop/orders", {}, ["app", injection.container]);
    expect(await bundleIn(cluster, "shop")).toBeDefined();
  });

  test("once a workload's pods will ask for it, before there is one", async () => {
    const cluster = await installed();
    await cluster.apply(deployments, "shop/orders", { spec: { template: { metadata: asking } } });
    expect(await bundleIn(cluster, "shop")).toBeDefined();
    await cluster.apply(namespaces, "jobs");
    const template = { metadata: asking };
    await cluster.apply(cronJobs, "jobs/nightly", { spec: { jobTemplate: { spec: { template } } } });
    expect(await bundleIn(cluster, "jobs")).toBeDefined();
  });

  test("already at the start, if it needed one while no operator ran", async () => {
    const cluster = await Cluster.withoutOperator(kindsOfInstallation);
    await cluster.apply(namespaces, "shop", {}, optedIn);
    await cluster.converge();
    expect(await bundleIn(cluster, "shop")).toBeDefined();
  });
});

describe("no trust bundle", () => {
  test.each([INSTALLED_IN, TENANT_NAMESPACE])("is put into %s, where nothing is injected", async (namespace) => {
    const cluster = await installed();
    await cluster.apply(namespaces, namespace, {}, optedIn);
    expect(await bundleIn(cluster, namespace)).toBeUndefined();
  });

  test("is put where pods ask for none", async () => {
    const cluster = await installed();
    await pod(cluster, "shop/orders", { labels: { [labels.inject]: "false" } });
    await pod(cluster, "shop/billing");
    expect(await bundleIn(cluster, "shop")).toBeUndefined();
  });

  test("is put into a namespace that is being deleted, and that is no error", async () => {
    const cluster = await installed();
    const { errors, writes } = await cluster.startOperator();
    await cluster.apply(namespaces, "old", {}, { ...optedIn, finalizers: ["test.example/stays"] });
    await cluster.delete(namespaces, "old");
    await cluster.delete(configMaps, `old/${injection.trustBundle}`).catch(() => {});
    await cluster.advance(MINUTE);
    expect(await bundleIn(cluster, "old")).toBeUndefined();
    expect(errors).toEqual([]);
    expect(writes.filter((write) => write.includes("old/"))).toHaveLength(1);
  });

  test("is left behind a minute after the last pod has gone", async () => {
    const cluster = await installed();
    await pod(cluster, "shop/one", asking);
    await pod(cluster, "shop/two", asking);
    await cluster.delete(pods, "shop/one");
    await cluster.advance(2 * MINUTE);
    expect(await bundleIn(cluster, "shop")).toBeDefined();
    await cluster.delete(pods, "shop/two");
    await cluster.advance(MINUTE / 2);
    expect(await bundleIn(cluster, "shop")).toBeDefined();
    await cluster.advance(MINUTE);
    expect(await bundleIn(cluster, "shop")).toBeUndefined();
  });

  test("is left behind once the namespace is no longer opted in", async () => {
    const cluster = await installed();
    await cluster.apply(namespaces, "shop", {}, optedIn);
    await cluster.apply(namespaces, "shop");
    expect(await bundleIn(cluster, "shop")).toBeUndefined();
  });

  test("of a person's own making is taken away", async () => {
    const cluster = await installed();
    await cluster.apply(configMaps, `shop/${injection.trustBundle}`, { data: { "ca.crt": "mine" } });
    await cluster.advance(2 * MINUTE);
    expect((await bundleIn(cluster, "shop"))?.data).toEqual({ "ca.crt": "mine" });
  });
});

describe("the trust bundle is put back", () => {
  test("when somebody deletes it", async () => {
    const cluster = await installed();
    await cluster.apply(namespaces, "shop", {}, optedIn);
    await cluster.delete(configMaps, `shop/${injection.trustBundle}`);
    expect(await bundleIn(cluster, "shop")).toBeDefined();
  });

  test("when somebody edits it, and what else they wrote stays", async () => {
    const cluster = await installed();
    await cluster.apply(namespaces, "shop", {}, optedIn);
    await cluster.apply(configMaps, `shop/${injection.trustBundle}`, { data: { "ca.crt": "", note: "hello" } });
    expect((await bundleIn(cluster, "shop"))?.data).toEqual({ "ca.crt": await authority(cluster), note: "hello" });
  });

  test("when the authorities change, everywhere", async () => {
    const cluster = await installed();
    await cluster.apply(namespaces, "shop", {}, optedIn);
    await cluster.apply(namespaces, "payments", {}, optedIn);
    await cluster.delete(secrets, `${INSTALLED_IN}/${installation.authoritySecret}`);
    await cluster.converge();
    const now = { "ca.crt": await authority(cluster) };
    expect((await bundleIn(cluster, "shop"))?.data).toEqual(now);
    expect((await bundleIn(cluster, "payments"))?.data).toEqual(now);
  });
});

test("pods that come and go where the bundle is cost no request", async () => {
  const cluster = await installed();
  await cluster.apply(namespaces, "shop", {}, optedIn);
  const { writes } = await cluster.startOperator();
  await pod(cluster, "shop/one", asking, ["app", injection.container]);
  await cluster.delete(pods, "shop/one");
  await cluster.advance(2 * MINUTE);
  expect(writes.filter((write) => write.includes("ConfigMap"))).toEqual([]);
});

test("a write that is refused in a living namespace is an error, and tried again", async () => {
  const cluster = await installed();
  let refusals = 2;
  const { errors } = await cluster.startOperator((write) =>
    write.includes("ConfigMap") && refusals-- > 0 ? new StatusError("Forbidden", "exceeded quota") : undefined,
  );
  await cluster.apply(namespaces, "shop", {}, optedIn);
  await cluster.advance(10_000);
  expect(await bundleIn(cluster, "shop")).toBeDefined();
  expect(errors).toHaveLength(2);
  expect(await cluster.all(events)).toEqual([]);
});
