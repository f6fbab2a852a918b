import { expect, test } from "vitest";
import { findings } from "../../../identity/findings.ts";
import type { ManagedIdentity } from "../../../identity/managed-identity.ts";
import type { Kind } from "../../../kube/kind.ts";
import { deployments, managedIdentities, workloads } from "../../../kube/kinds.ts";
import { isStatus } from "../../../kube/status-error.ts";
import { removeIdentity } from "../../../operator/workload-identity/remove-identity.ts";
import { Cluster } from "../cluster.ts";

const log = { info() {}, warn() {}, error() {} };
const watches = { workloadKinds: new Map<string, Kind>(Object.entries(workloads)) };
const gone = findings.WorkloadGone("Deployment shop/web");

/** A cluster with Deployment shop/web and an identity that says to be its own. */
async function withIdentity() {
  const cluster = await Cluster.withoutOperator();
  const { metadata } = await cluster.workload(deployments, "shop/web");
  const workload = { apiVersion: "apps/v1", kind: "Deployment", name: "web", uid: metadata.uid };
  const spec = { type: "SystemAssigned", disabled: false, workload };
  const make = (): Promise<ManagedIdentity> => cluster.apply(managedIdentities, "shop/own", { spec });
  return { cluster, make, identity: await make() };
}

test("an identity whose workload the API still has is kept, whatever the cache says", async () => {
  const { cluster, identity } = await withIdentity();
  await removeIdentity({ api: cluster.api, log, watches }, { identity, because: gone });
  expect(await cluster.all(managedIdentities)).toHaveLength(1);
});

test("an identity of a kind that is not read any more is kept", async () => {
  const { cluster, identity } = await withIdentity();
  await cluster.delete(deployments, "shop/web");
  const without = { api: cluster.api, log, watches: { workloadKinds: new Map<string, Kind>() } };
  await removeIdentity(without, { identity, because: gone });
  expect(await cluster.all(managedIdentities)).toHaveLength(1);
});

test("an identity whose workload was made again goes", async () => {
  const { cluster, identity } = await withIdentity();
  await cluster.delete(deployments, "shop/web");
  await cluster.workload(deployments, "shop/web");
  await removeIdentity({ api: cluster.api, log, watches }, { identity, because: gone });
  expect(await cluster.all(managedIdentities)).toEqual([]);
});

test("an identity made since under the same name is not the one to remove", async () => {
  const { cluster, identity, make } = await withIdentity();
  await cluster.delete(managedIdentities, "shop/own");
  const { metadata } = await make();
  const removal = removeIdentity(
    { api: cluster.api, log, watches },
    { identity, because: findings.AnnotationRemoved("Deployment shop/web") },
  );
  await expect(removal).rejects.toSatisfy((error) => isStatus(error, "Conflict"));
  expect((await cluster.get(managedIdentities, "shop/own")).metadata.uid).toBe(metadata.uid);
});

test("an identity that garbage collection deleted first is removed", async () => {
  const { cluster, identity } = await withIdentity();
  await cluster.delete(deployments, "shop/web");
  await cluster.delete(managedIdentities, "shop/own");
  await removeIdentity({ api: cluster.api, log, watches }, { identity, because: gone });
});
