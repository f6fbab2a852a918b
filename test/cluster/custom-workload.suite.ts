import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { customResources } from "../../identity/custom-resources.ts";
import { tenantId } from "../../identity/ids.ts";
import type { ManagedIdentity } from "../../identity/managed-identity.ts";
import { API_GROUP, annotations } from "../../identity/names.ts";
import { type ClusterState, watchCluster } from "../../issuer/cluster-state.ts";
import { podIdentities } from "../../issuer/pod-identities.ts";
import { type ClusterClient, connect } from "../../kube/client/connect.ts";
import { systemClock } from "../../kube/clock.ts";
import { discoverWorkloads } from "../../kube/custom-workloads.ts";
import type { Kind } from "../../kube/kind.ts";
import { managedIdentities, namespaces, pods } from "../../kube/kinds.ts";
import { type Operator, startOperator } from "../../operator/operator.ts";
import { ofKind, render, withFile } from "../charts/chart.ts";
import { silentLog } from "../support/silent-log.ts";
import { findPrograms } from "./build.ts";
import { PrivateApiServer } from "./private-api-server.ts";
import { kubectl, openTestCluster } from "./test-cluster.ts";

// Whatever builds a cluster for the other suites builds the programs too; with a cluster of somebody else there are none.
await openTestCluster();
const programs = findPrograms();
const SYSTEM = "lanyard-system";
const SHOP = "custom-shop";
const GROUP = "rollouts.example";
const PATIENCE = { timeout: 30_000, interval: 200 };
const ofUse = /^((Cluster)?Role(Binding)?|ServiceAccount|ValidatingAdmissionPolicy(Binding)?)$/;

/** A kind that nothing here knows; `unread` is not in the chart value `workloads`. */
const definition = (plural: string, kind: string): object => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: `${plural}.${GROUP}` },
  spec: {
    ...{ group: GROUP, scope: "Namespaced", names: { plural, kind, singular: kind.toLowerCase() } },
    versions: [
      {
        ...{ name: "v1", served: true, storage: true },
        schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
      },
    ],
  },
});
const asking = { [annotations.systemAssigned]: "true" };
const instance = (kind: string, name: string, annotated: object = asking): object => ({
  ...{ apiVersion: `${GROUP}/v1`, kind },
  metadata: { namespace: SHOP, name, annotations: annotated },
  spec: {},
});

describe.skipIf(programs === undefined)("controllers of other APIs, with the processes' own rights", () => {
  let server: PrivateApiServer;
  const clients: ClusterClient[] = [];
  let operatorClient: ClusterClient;
  let operator: Operator;
  let issuer: ClusterState;
  let kinds: readonly Kind[];

  const speak = (...args: readonly string[]): Promise<string> => kubectl(server, ...args);
  const write = (objects: readonly object[]): Promise<string> =>
    withFile(JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }), (file) =>
      speak("apply", "--server-side", "--force-conflicts", `--filename=${file}`),
    );
  const as = async (process: string): Promise<ClusterClient> => {
    const token = await speak("create", "token", `lanyard-${process}`, `--namespace=${SYSTEM}`);
    const client = await connect({ kubeconfig: await server.kubeconfigWith(token.trim()) });
    clients.push(client);
    return client;
  };
  const identities = async (): Promise<readonly ManagedIdentity[]> =>
    (await operatorClient.api.list(managedIdentities, { namespace: SHOP })).items;
  const uidOf = (kind: string, name: string): Promise<string> =>
    speak("get", `${kind}.${GROUP}`, name, `--namespace=${SHOP}`, "--output=jsonpath={.metadata.uid}");

  /** A pod as the controller of such an object would make it, with the annotation of its template. */
  async function podBelow(kind: string, name: string): Promise<void> {
    const owner = { apiVersion: `${GROUP}/v1`, kind, name, uid: await uidOf(kind, name), controller: true };
    await write([
      {
        ...{ apiVersion: "v1", kind: "Pod" },
        metadata: { namespace: SHOP, name: `${name}-a`, annotations: asking, ownerReferences: [owner] },
        spec: { containers: [{ name: "app", image: "app" }], automountServiceAccountToken: false },
      },
    ]);
  }

  beforeAll(async () => {
    if (programs === undefined) return;
    server = await PrivateApiServer.start(programs, { authorization: "RBAC" });
    const chart = await render({ values: { workloads: [{ apiGroup: GROUP, resource: "rollouts" }] } });
    await write([
      ...ofKind(chart, "CustomResourceDefinition"),
      definition("rollouts", "Rollout"),
      definition("unreads", "Unread"),
    ]);
    const crds = customResources.map(({ plural }) => `crd/${plural}.${API_GROUP}`);
    const own = ["rollouts", "unreads"].map((plural) => `crd/${plural}.${GROUP}`);
    await speak("wait", "--for=condition=Established", "--timeout=30s", ...crds, ...own);
    for (const namespace of [SYSTEM, SHOP]) await speak("create", "namespace", namespace);
    await write(chart.filter(({ kind }) => ofUse.test(kind)));
    await server.startControllers();
    operatorClient = await as("operator");
    const issuerClient = await as("issuer");
    ({ kinds } = await discoverWorkloads(operatorClient.raw, [{ apiGroup: GROUP, resource: "rollouts" }]));
    const common = { clock: systemClock, log: silentLog };
    operator = startOperator({
      ...common,
      ...{ api: operatorClient.api, customWorkloads: kinds, identityGraceSeconds: 20, kubernetesRoles: "ignore" },
    });
    issuer = watchCluster({ ...common, api: issuerClient.api, customWorkloads: () => kinds });
    await Promise.all([operator.synced, issuer.synced]);
    // The controllers of this server do not make it.
    await speak("create", "serviceaccount", "default", `--namespace=${SHOP}`);
  }, 180_000);

  afterAll(async () => {
    await operator?.stop();
    await issuer?.stop();
    for (const client of clients) await client.close();
    await server?.remove();
  });

  test("the API server says which kind the resource has", () => {
    expect(kinds).toMatchObject([{ apiVersion: `${GROUP}/v1`, kind: "Rollout", plural: "rollouts" }]);
  });

  test("an object that owns pods has an identity, which its pods may use", async () => {
    await write([instance("Rollout", "web")]);
    await podBelow("Rollout", "web");
    await vi.waitFor(async () => expect(await identities()).toHaveLength(1), PATIENCE);
    const [identity] = await identities();
    expect(identity?.spec.workload).toMatchObject({ kind: "Rollout", name: "web", uid: await uidOf("Rollout", "web") });
    const pod = await operatorClient.api.get(pods, { namespace: SHOP, name: "web-a" });
    const { metadata } = await operatorClient.api.get(namespaces, { name: "kube-system" });
    const usable = async () => (await podIdentities(pod, issuer, tenantId(metadata.uid))).usable;
    await vi.waitFor(async () => {
      expect((await usable()).map(({ principalId }) => principalId)).toEqual([identity?.metadata.uid]);
    }, PATIENCE);
  }, 60_000);

  test("without its annotation it is disabled, with it the same principal is enabled, and after the grace period it goes", async () => {
    const [before] = await identities();
    const disabled = async (): Promise<boolean | undefined> => (await identities())[0]?.spec.disabled;
    await write([instance("Rollout", "web", {})]);
    await vi.waitFor(async () => expect(await disabled()).toBe(true), PATIENCE);
    await write([instance("Rollout", "web")]);
    await vi.waitFor(async () => expect(await disabled()).toBe(false), PATIENCE);
    expect((await identities())[0]?.metadata.uid).toBe(before?.metadata.uid);
    await write([instance("Rollout", "web", {})]);
    await vi.waitFor(async () => expect(await identities()).toEqual([]), { ...PATIENCE, timeout: 60_000 });
  }, 150_000);

  test("an object of a kind that is not read is told which chart value is missing", async () => {
    await write([instance("Unread", "job")]);
    await podBelow("Unread", "job");
    await vi.waitFor(async () => {
      const events = await speak(
        "get",
        "events",
        `--namespace=${SHOP}`,
        "--field-selector=involvedObject.name=job",
        "--output=yaml",
      );
      expect(events).toMatch(/reason: ControllerUnknown/);
      expect(events).toContain("chart value");
    }, PATIENCE);
  }, 60_000);

  test("with its object the identity goes at once", async () => {
    await write([instance("Rollout", "brief")]);
    await vi.waitFor(async () => expect(await identities()).toHaveLength(1), PATIENCE);
    await speak("delete", `rollouts.${GROUP}`, "brief", `--namespace=${SHOP}`);
    await vi.waitFor(async () => expect(await identities()).toEqual([]), PATIENCE);
  }, 90_000);
});
