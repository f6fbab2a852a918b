import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { customResources } from "../../identity/custom-resources.ts";
import { API_GROUP } from "../../identity/names.ts";
import { type ClusterClient, connect } from "../../kube/client/connect.ts";
import type { Unreadable } from "../../kube/client/received-object.ts";
import { systemClock } from "../../kube/clock.ts";
import { leases } from "../../kube/cluster-kinds.ts";
import { EventRecorder } from "../../kube/event-recorder.ts";
import { startInformer } from "../../kube/informer.ts";
import type { Kind } from "../../kube/kind.ts";
import { events, managedIdentities, namespaces, serviceAccounts } from "../../kube/kinds.ts";
import { startLeaderElection } from "../../kube/leader-election.ts";
import { describeKubeApi } from "../kube/contract.ts";
import { identity, namespaceNamed, serviceAccount } from "../kube/manifests.ts";
import { textLog } from "../support/issuer-world.ts";
import { findPrograms } from "./build.ts";
import { PrivateApiServer } from "./private-api-server.ts";
import { kubectl, openTestCluster, type TestCluster } from "./test-cluster.ts";

/** What nobody else writes to, where it can be had: an operator that runs in the shared cluster would answer every object. */
const shared = await openTestCluster();
const programs = findPrograms();
const PATIENCE_MS = 20_000;

describe.skipIf(shared === undefined)("a real API server", () => {
  const namespace = `kube-${randomUUID()}`;
  const unreadable: Unreadable[] = [];
  let own: PrivateApiServer | undefined;
  let cluster: TestCluster;
  let client: ClusterClient;

  beforeAll(async () => {
    if (shared === undefined) return;
    own = programs && (await PrivateApiServer.start(programs));
    cluster = own ?? shared;
    await kubectl(cluster, "apply", `--filename=${join(import.meta.dirname, "../../crds")}`);
    const names = customResources.map(({ plural }) => `crd/${plural}.${API_GROUP}`);
    await kubectl(cluster, "wait", "--for=condition=Established", "--timeout=30s", ...names);
    await own?.startControllers();
    client = await connect({ ...cluster, onUnreadable: (each) => unreadable.push(each) });
    await client.api.create(namespaces, namespaceNamed(namespace));
  });
  afterAll(async () => {
    await client?.api.delete(namespaces, { name: namespace });
    await client?.close();
    await own?.remove();
  });

  describeKubeApi("through the client", async () => client.api);

  test("says which version it is", async () => {
    const { major, minor } = await client.serverVersion();
    expect(major).toBe(1);
    expect(minor).toBeGreaterThanOrEqual(30);
  });

  test("takes the client for the field manager lanyard", async () => {
    await client.api.create(
      serviceAccounts,
      serviceAccount({ namespace, name: "owned" }, { metadata: { labels: { a: "b" } } }),
    );
    const path = `/api/v1/namespaces/${namespace}/serviceaccounts/owned`;
    expect(await client.raw(path)).toMatchObject({ metadata: { managedFields: [{ manager: "lanyard" }] } });
  });

  test("takes the events of a recorder, and counts a series up", async () => {
    const { api } = client;
    const object = await api.create(managedIdentities, identity({ namespace, name: "orders" }));
    const onError = (error: unknown) => expect.unreachable(String(error));
    const reporter = { reportingController: "lanyard.dev/operator", reportingInstance: "lanyard-operator-0" };
    const recorder = new EventRecorder({ api, clock: systemClock, onError, ...reporter });
    const { apiVersion, kind, metadata } = object;
    const regarding = { apiVersion, kind, namespace, name: metadata.name, uid: metadata.uid };
    const refused = {
      type: "Warning",
      reason: "NoIdentity",
      action: "Issue",
      note: "Bind an identity first.",
    } as const;
    for (let times = 0; times < 3; times++) await recorder.record(regarding, refused);
    const { items } = await api.list(events, { namespace });
    expect(items).toMatchObject([{ ...refused, regarding, series: { count: 2 } }]);
    const described = await kubectl(cluster, "describe", "managedidentity", "orders", `--namespace=${namespace}`);
    expect(described).toContain("Bind an identity first.");
  });

  test("has one leader at a time, and the next one as soon as it stops", async () => {
    const led: string[] = [];
    const stand = (identity: string) =>
      startLeaderElection({
        ...{ api: client.api, clock: systemClock, log: textLog([]), namespace, name: "lock", identity },
        onStartedLeading: () => led.push(identity),
        onStoppedLeading: () => void led.push(`${identity} lost it`),
      });
    const one = stand("one");
    await vi.waitFor(() => expect(led).toEqual(["one"]), PATIENCE_MS);
    const two = stand("two");
    await one.stop();
    await vi.waitFor(() => expect(led).toEqual(["one", "two"]), PATIENCE_MS);
    const { spec } = await client.api.get(leases, { namespace, name: "lock" });
    expect(spec).toMatchObject({ holderIdentity: "two", leaseTransitions: 1, leaseDurationSeconds: 15 });
    await two.stop();
  });

  test("three that stand at once: one leads", async () => {
    const leading = new Set<string>();
    const elections = ["one", "two", "three"].map((identity) =>
      startLeaderElection({
        ...{ api: client.api, clock: systemClock, log: textLog([]), namespace, name: "race", identity },
        onStartedLeading: () => leading.add(identity),
        onStoppedLeading: () => {},
      }),
    );
    await vi.waitFor(() => expect(leading.size).toBe(1), PATIENCE_MS);
    expect(elections.filter((election) => election.isLeader())).toHaveLength(1);
    await Promise.all(elections.map((election) => election.stop()));
  });

  test.each([
    ["/version", { major: "1" }],
    ["/.well-known/openid-configuration", { jwks_uri: expect.stringContaining("/openid/v1/jwks") }],
    ["/openid/v1/jwks", { keys: [expect.objectContaining({ kty: "RSA" })] }],
  ])("gives the JSON of %s, whatever its media type is called", async (path, document) => {
    expect(await client.raw(path)).toMatchObject(document);
  });

  test("has objects that cannot be read: they are left out, told of, and end nothing", async () => {
    const picky: Kind = {
      ...serviceAccounts,
      parse(object) {
        const account = serviceAccounts.parse(object);
        if (account.metadata.labels?.broken) throw new TypeError("broken, as the test said");
        return account;
      },
    };
    const heard: string[] = [];
    const informer = startInformer(client.api, picky, { clock: systemClock, namespace });
    informer.store.subscribe(({ type, object: { metadata } }) => {
      if (metadata.name.startsWith("picky")) heard.push(`${type} ${metadata.name}`);
    });
    await informer.synced;
    const write = (name: string, labels: object) =>
      client.api.apply(serviceAccounts, serviceAccount({ namespace, name }, { metadata: { labels } }), {
        ...{ fieldManager: "test", force: true },
      });
    await write("picky-one", {});
    await write("picky-one", { broken: "yes" });
    await write("picky-two", {});
    await vi.waitFor(
      () => expect(heard).toEqual(["upsert picky-one", "delete picky-one", "upsert picky-two"]),
      PATIENCE_MS,
    );
    expect(unreadable.at(-1)?.key).toEqual({ namespace, name: "picky-one" });
    await informer.stop();
  });
});
