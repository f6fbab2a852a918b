import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Manifest } from "../../kube/api.ts";
import { type ClusterClient, connect } from "../../kube/client/connect.ts";
import { systemClock } from "../../kube/clock.ts";
import { configMaps, leases, mutatingWebhookConfigurations, secrets } from "../../kube/cluster-kinds.ts";
import { type Informer, startInformer } from "../../kube/informer.ts";
import type { Kind, KubeObject } from "../../kube/kind.ts";
import { namespaces, serviceAccounts } from "../../kube/kinds.ts";
import { startLeaderElection } from "../../kube/leader-election.ts";
import type { Log } from "../../kube/log.ts";
import { textLog } from "../support/issuer-world.ts";
import { silentLog } from "../support/silent-log.ts";
import { findPrograms } from "./build.ts";
import { PrivateApiServer } from "./private-api-server.ts";
import { openTestCluster } from "./test-cluster.ts";

const OUTAGE_MS = 30_000;
/** The longest that a reflector waits between two attempts, and a list. */
const RECOVERY_MS = 45_000;
const NAMESPACE = "outage";
const kinds: readonly Kind[] = [configMaps, secrets, serviceAccounts, leases, mutatingWebhookConfigurations];

// Whatever builds a cluster for the other suites builds the programs too; with a cluster of somebody else there are none.
await openTestCluster();
const programs = findPrograms();

describe.skipIf(programs === undefined)("an API server that is killed for 30 s", () => {
  let server: PrivateApiServer;
  let watching: ClusterClient;
  let writing: ClusterClient;
  let informers: readonly Informer<KubeObject>[];
  /** Of each object, what its kind's informer told, in order. */
  const heard = new Map<string, string[]>();
  const warnings: string[] = [];

  const manifest = (kind: Kind, name: string, label: string): Manifest => ({
    ...{ apiVersion: kind.apiVersion, kind: kind.kind },
    metadata: {
      ...{ name, labels: { label } },
      ...(kind.namespaced ? { namespace: NAMESPACE } : {}),
    },
  });
  const write = (kind: Kind, name: string, label: string) =>
    writing.api.apply(kind, manifest(kind, name, label), { fieldManager: "test", force: true });
  const remove = (kind: Kind, name: string) => writing.api.delete(kind, manifest(kind, name, "").metadata);
  const ofEveryKind = (act: (kind: Kind) => Promise<void>) => Promise.all(kinds.map(act));
  const follow = (kind: Kind): Informer<KubeObject> => {
    const log: Log = { ...silentLog, warn: (_, message) => warnings.push(message) };
    const informer = startInformer(watching.api, kind, { clock: systemClock, log });
    informer.store.subscribe(({ type, object: { metadata } }) => {
      const object = `${kind.plural}/${metadata.name}`;
      const told = type === "delete" ? "deleted" : (metadata.labels?.label ?? "unlabelled");
      heard.set(object, [...(heard.get(object) ?? []), told]);
    });
    return informer;
  };
  const everybodyHeard = (expected: Readonly<Record<string, readonly string[]>>): Promise<void> =>
    vi.waitFor(() => {
      for (const { plural } of kinds) {
        const told = Object.keys(expected).map((name) => [name, heard.get(`${plural}/${name}`)]);
        expect({ plural, ...Object.fromEntries(told) }).toEqual({ plural, ...expected });
      }
    }, RECOVERY_MS);

  beforeAll(async () => {
    if (programs === undefined) return;
    server = await PrivateApiServer.start(programs);
    [watching, writing] = await Promise.all([connect(server), connect(server)]);
    await writing.api.create(namespaces, { apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } });
    informers = kinds.map(follow);
    await Promise.all(informers.map(({ synced }) => synced));
  });
  afterAll(async () => {
    await Promise.all((informers ?? []).map((informer) => informer.stop()));
    await Promise.all([watching?.close(), writing?.close()]);
    await server?.remove();
  });

  test("costs no process and no event", { timeout: OUTAGE_MS + 3 * RECOVERY_MS }, async () => {
    const led: string[] = [];
    const election = startLeaderElection({
      ...{ api: watching.api, clock: systemClock, log: textLog([]), namespace: NAMESPACE },
      ...{ name: "lock", identity: "one" },
      onStartedLeading: () => led.push("started"),
      onStoppedLeading: () => void led.push("stopped"),
    });
    await ofEveryKind(async (kind) => {
      await write(kind, "kept", "first");
      await write(kind, "removed", "first");
    });
    await everybodyHeard({ kept: ["first"], removed: ["first"] });

    await server.kill();
    await sleep(OUTAGE_MS);
    await server.restart();
    const ready = performance.now();
    await ofEveryKind(async (kind) => {
      await write(kind, "new", "first");
      await write(kind, "kept", "second");
      await remove(kind, "removed");
    });
    await everybodyHeard({ kept: ["first", "second"], removed: ["first", "deleted"], new: ["first"] });
    process.stdout.write(`Every informer was up to date ${((performance.now() - ready) / 1000).toFixed(1)} s later.\n`);

    await ofEveryKind(async (kind) => {
      for (const label of ["third", "fourth", "fifth"]) await write(kind, "kept", label);
      await remove(kind, "new");
    });
    await everybodyHeard({ kept: ["first", "second", "third", "fourth", "fifth"], new: ["first", "deleted"] });
    await vi.waitFor(() => expect(led).toEqual(["started", "stopped", "started"]), RECOVERY_MS);
    await election.stop();
    expect(warnings.length).toBeGreaterThan(0);
  });
});
