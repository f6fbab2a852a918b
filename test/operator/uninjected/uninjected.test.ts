import { describe, expect, test } from "vitest";
import { z } from "zod";
import { annotations, injection, labels, TENANT_NAMESPACE } from "../../../identity/names.ts";
import type { OwnerReference } from "../../../identity/object-meta.ts";
import type { KubeApi, WatchEvent, WatchOptions } from "../../../kube/api.ts";
import type { Kind, KubeObject } from "../../../kube/kind.ts";
import {
  cronJobs,
  daemonSets,
  deployments,
  jobs,
  namespaces,
  pods,
  replicaSets,
  statefulSets,
} from "../../../kube/kinds.ts";
import { settle } from "../../support/fake-clock.ts";
import { Cluster, INSTALLED_IN, kindsOfInstallation } from "../cluster.ts";
import { RecordingApi } from "../recording-api.ts";

/** Tells of one kind of object only when it may. */
class LateApi extends RecordingApi {
  readonly #late: Kind;
  readonly #told: Promise<void>;

  constructor(api: KubeApi, late: Kind, told: Promise<void>) {
    super(api);
    this.#late = late;
    this.#told = told;
  }

  override async *watch<T extends KubeObject>(kind: Kind<T>, options: WatchOptions): AsyncGenerator<WatchEvent<T>> {
    for await (const event of super.watch(kind, options)) {
      if (kind.kind === this.#late.kind) await this.#told;
      yield event;
    }
  }
}

const asking = { [labels.inject]: "true" };

async function cluster(): Promise<Cluster> {
  const it = await Cluster.withOperator(kindsOfInstallation);
  for (const name of ["shop", INSTALLED_IN]) await it.apply(namespaces, name);
  await it.converge();
  return it;
}

function controlledBy({ apiVersion, kind, metadata }: KubeObject): { readonly ownerReferences: OwnerReference[] } {
  return { ownerReferences: [{ apiVersion, kind, name: metadata.name, uid: metadata.uid, controller: true }] };
}

interface PodOptions {
  readonly controller?: KubeObject;
  readonly labels?: Record<string, string>;
  readonly annotations?: Record<string, string>;
  readonly container?: string;
  readonly spec?: object;
}

/** A pod that asks for injection and was created without it, unless said otherwise. */
function pod(it: Cluster, name: string, { controller, container = "app", spec = {}, ...metadata }: PodOptions = {}) {
  const owner = controller === undefined ? {} : controlledBy(controller);
  return it.apply(
    pods,
    name,
    { spec: { containers: [{ name: container }], ...spec } },
    { labels: asking, ...metadata, ...owner },
  );
}

/** Deployment shop/orders and its ReplicaSet, with one such pod. */
async function orders(it: Cluster): Promise<void> {
  const deployment = await it.apply(deployments, "shop/orders");
  const replicaSet = await it.apply(replicaSets, "shop/orders-7d4b", {}, controlledBy(deployment));
  await pod(it, "shop/orders-7d4b-x2x9z", { controller: replicaSet });
}

const withConditions = z.looseObject({
  status: z.object({ conditions: z.array(z.looseObject({ type: z.string() })).optional() }).optional(),
});

async function conditions(it: Cluster, kind: Kind, name: string) {
  await it.idle();
  const whole: Kind = { ...kind, parse: (object) => ({ ...kind.parse(object), ...withConditions.parse(object) }) };
  return withConditions.parse(await it.get(whole, name)).status?.conditions ?? [];
}

/** What the condition of ours says on an object; undefined without one. */
const condition = async (it: Cluster, kind: Kind, name: string) =>
  (await conditions(it, kind, name)).find(({ type }) => type === "lanyard.dev/Injected");

const reasonsOn = async (it: Cluster, name: string): Promise<unknown[]> =>
  (await it.eventsOn(name)).map(({ type, reason }) => `${type} ${reason}`);

describe("a pod that asks for injection and was created without it", () => {
  test("is told of on its Deployment, with the command that repairs it", async () => {
    const it = await cluster();
    await orders(it);
    expect(await condition(it, deployments, "shop/orders")).toMatchObject({ status: "False", reason: "NotInjected" });
    const [event] = await it.eventsOn("shop/orders");
    expect(event).toMatchObject({ type: "Warning", reason: "NotInjected", action: "InjectSidecar" });
    expect(event?.note).toContain("Repair: kubectl rollout restart deployment/orders -n shop");
    expect(await condition(it, pods, "shop/orders-7d4b-x2x9z")).toBeUndefined();
  });

  test("is found by a scan at the start, too", async () => {
    const it = await Cluster.withoutOperator(kindsOfInstallation);
    await it.apply(namespaces, "shop");
    await orders(it);
    await it.converge();
    expect(await condition(it, deployments, "shop/orders")).toMatchObject({ reason: "NotInjected" });
  });

  test("is found when its namespace is opted in after it was created", async () => {
    const it = await cluster();
    await pod(it, "shop/orders", { labels: {} });
    expect(await condition(it, pods, "shop/orders")).toBeUndefined();
    await it.apply(namespaces, "shop", {}, { labels: { [labels.inject]: "enabled" } });
    expect(await condition(it, pods, "shop/orders")).toMatchObject({ reason: "NotInjected" });
  });

  test("is found when the watch tells of its workload after it", async () => {
    const it = await cluster();
    await it.stopOperator();
    const { promise: told, resolve: tell } = Promise.withResolvers<void>();
    await it.startOperator(undefined, (api) => new LateApi(api, daemonSets, told));
    const daemonSet = await it.apply(daemonSets, "shop/agent");
    await pod(it, "shop/agent-1", { controller: daemonSet });
    expect(await condition(it, daemonSets, "shop/agent")).toBeUndefined();
    tell();
    await settle();
    expect(await condition(it, daemonSets, "shop/agent")).toMatchObject({ reason: "NotInjected" });
    expect(await condition(it, pods, "shop/agent-1")).toBeUndefined();
  });

  test.each<{ kind: Kind; bearer: "workload" | "pod" }>([
    { kind: deployments, bearer: "workload" },
    { kind: daemonSets, bearer: "workload" },
    { kind: replicaSets, bearer: "workload" },
    { kind: statefulSets, bearer: "pod" },
    { kind: jobs, bearer: "pod" },
    { kind: cronJobs, bearer: "pod" },
  ])("bears the condition itself where a $kind.kind would not keep it", async ({ kind, bearer }) => {
    const it = await cluster();
    const workload = await it.apply(kind, "shop/work");
    await pod(it, "shop/work-1", { controller: workload });
    expect((await condition(it, kind, "shop/work")) !== undefined).toBe(bearer === "workload");
    expect((await condition(it, pods, "shop/work-1")) !== undefined).toBe(bearer === "pod");
    expect(await reasonsOn(it, "shop/work")).toEqual(["Warning NotInjected"]);
    expect(await reasonsOn(it, "shop/work-1")).toEqual([]);
  });

  test("without a controller is told of itself", async () => {
    const it = await cluster();
    await pod(it, "shop/alone");
    expect(await condition(it, pods, "shop/alone")).toMatchObject({ reason: "NotInjected" });
    expect(await reasonsOn(it, "shop/alone")).toEqual(["Warning NotInjected"]);
  });

  test("because the webhook refused it, is told of with the webhook's own reason", async () => {
    const it = await cluster();
    await pod(it, "shop/alone", { spec: { os: { name: "windows" } } });
    const told = await condition(it, pods, "shop/alone");
    expect(told).toMatchObject({ status: "False", reason: "InjectionRefused" });
    expect(told?.message).toContain("Windows pod has no token endpoint");
    expect(told?.message).not.toContain("kubectl");
  });
});

describe("nothing is said of a pod", () => {
  test.each<{ that: string; options: PodOptions; namespace?: string; status?: object }>([
    { that: "is injected", options: { container: injection.container } },
    { that: "asks for nothing", options: { labels: {} } },
    { that: "asks not to be injected", options: { labels: { [labels.inject]: "false" } } },
    { that: "has a label that means nothing", options: { labels: { [labels.inject]: "yes" } } },
    { that: "is a mirror", options: { annotations: { "kubernetes.io/config.mirror": "hash" } } },
    { that: "has succeeded", options: {}, status: { phase: "Succeeded" } },
    { that: "has failed", options: {}, status: { phase: "Failed" } },
    { that: "is of the system", options: {}, namespace: TENANT_NAMESPACE },
    { that: "is Lanyard's own", options: {}, namespace: INSTALLED_IN },
  ])("that $that", async ({ options, namespace = "shop", status }) => {
    const it = await cluster();
    await it.stopOperator();
    await pod(it, `${namespace}/one`, options);
    if (status !== undefined) {
      const manifest = { apiVersion: "v1", kind: "Pod", metadata: { name: "one", namespace }, status };
      await it.api.applyStatus(pods, manifest, { fieldManager: "kubelet" });
    }
    await it.converge();
    expect(await condition(it, pods, `${namespace}/one`)).toBeUndefined();
    expect(await reasonsOn(it, `${namespace}/one`)).toEqual([]);
  });

  test.each([
    { [annotations.injected]: "0.1.0" },
    { [annotations.injectionMessage]: "This Windows pod is not injected." },
  ])("that only has a copied annotation is said all the same: %j", async (copied) => {
    const it = await cluster();
    await pod(it, "shop/one", { annotations: copied });
    expect(await condition(it, pods, "shop/one")).toMatchObject({ reason: "NotInjected" });
  });
});

describe("the condition goes", () => {
  test("when the last such pod has gone", async () => {
    const it = await cluster();
    await orders(it);
    const replicaSet = await it.get(replicaSets, "shop/orders-7d4b");
    await pod(it, "shop/second", { controller: replicaSet });
    await it.delete(pods, "shop/orders-7d4b-x2x9z");
    expect(await condition(it, deployments, "shop/orders")).toBeDefined();
    await it.delete(pods, "shop/second");
    expect(await condition(it, deployments, "shop/orders")).toBeUndefined();
  });

  test("when the pods went while no operator ran", async () => {
    const it = await cluster();
    await orders(it);
    await it.stopOperator();
    await it.delete(pods, "shop/orders-7d4b-x2x9z");
    await it.converge();
    expect(await condition(it, deployments, "shop/orders")).toBeUndefined();
  });

  test("when nobody asks for injection any more", async () => {
    const it = await cluster();
    await it.apply(namespaces, "shop", {}, { labels: { [labels.inject]: "enabled" } });
    const statefulSet = await it.apply(statefulSets, "shop/db");
    await pod(it, "shop/db-0", { controller: statefulSet, labels: {} });
    expect(await condition(it, pods, "shop/db-0")).toBeDefined();
    await it.apply(namespaces, "shop");
    expect(await condition(it, pods, "shop/db-0")).toBeUndefined();
  });

  test("and the conditions of others stay", async () => {
    const it = await cluster();
    await orders(it);
    const available = {
      type: "Available",
      status: "True",
      reason: "Fine",
      message: "",
      lastTransitionTime: "2026-11-21T12:00:00Z",
    };
    const metadata = { name: "orders", namespace: "shop" };
    const manifest = { apiVersion: "apps/v1", kind: "Deployment", metadata, status: { conditions: [available] } };
    await it.api.applyStatus(deployments, manifest, { fieldManager: "deployment-controller" });
    await it.delete(pods, "shop/orders-7d4b-x2x9z");
    expect(await conditions(it, deployments, "shop/orders")).toMatchObject([{ type: "Available" }]);
  });
});

test("what was said is not said again, nor written again", async () => {
  const it = await cluster();
  await orders(it);
  const { writes } = await it.startOperator();
  await it.apply(deployments, "shop/orders", {}, { labels: { touched: "yes" } });
  expect(writes.filter((write) => write.startsWith("applyStatus"))).toEqual([]);
});

test("owners in a circle are nobody's workload, and end nothing", async () => {
  const it = await cluster();
  const one = await it.apply(replicaSets, "shop/one");
  const other = await it.apply(replicaSets, "shop/other", {}, controlledBy(one));
  await it.apply(replicaSets, "shop/one", {}, controlledBy(other));
  await pod(it, "shop/one-1", { controller: one });
  expect(await condition(it, pods, "shop/one-1")).toBeUndefined();
  await orders(it);
  expect(await condition(it, deployments, "shop/orders")).toBeDefined();
});
