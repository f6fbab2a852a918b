import { describe, expect, test } from "vitest";
import type { ObjectList, WatchOptions } from "../../kube/api.ts";
import type { Kind, KubeObject } from "../../kube/kind.ts";
import {
  allKinds,
  clusterRoleAssignments,
  cronJobs,
  deployments,
  managedIdentities,
  protectedResources,
  roleAssignments,
  roleDefinitions,
} from "../../kube/kinds.ts";
import { InMemoryApi } from "../../kube/memory/in-memory-api.ts";
import { StatusError } from "../../kube/status-error.ts";
import { startOperator } from "../../operator/operator.ts";
import { FakeClock, settle } from "../support/fake-clock.ts";
import { conditionOf } from "./builders.ts";
import { Cluster } from "./cluster.ts";
import { RecordingApi } from "./recording-api.ts";

const silent = { info() {}, warn() {}, error() {} };

/** One object in every state that there is. */
async function everyState(cluster: Cluster): Promise<void> {
  await cluster.role("reader");
  await cluster.serviceAccount("shop/orders");
  await cluster.identity("shop/orders");
  await cluster.identity("shop/alone", {});
  await cluster.identity("shop/early");
  await cluster.identity("shop/gone");
  await cluster.workload(deployments, "shop/web", "true");
  await cluster.workload(cronJobs, "shop/nightly", "true");
  await cluster.resource("payments/vault", "https://vault.payments.svc");
  await cluster.advance(1000);
  await cluster.resource("payments/squatter", "https://vault.payments.svc/");
  const principal = { managedIdentity: "orders", namespace: "shop" };
  await cluster.apply(clusterRoleAssignments, "all", { spec: { principal, roleDefinition: "reader", scope: "/" } });
  await cluster.assignment("payments/reads", { resource: "vault", expiresAt: "2026-11-22T00:00:00Z" });
  await cluster.assignment("payments/ended", { expiresAt: "2026-11-20T00:00:00Z" });
  await cluster.assignment("payments/no-role", { roleDefinition: "raeder" });
  await cluster.assignment("payments/no-resource", { resource: "valut" });
  await cluster.assignment("payments/no-principal", { principal: { managedIdentity: "nobody" } });
  await cluster.assignment("payments/lost", { principal: { managedIdentity: "gone", namespace: "shop" } });
  await cluster.delete(managedIdentities, "shop/gone");
}

describe("the operator writes nothing when nothing changes", () => {
  test("after it was started again", async () => {
    const cluster = await Cluster.withOperator();
    await everyState(cluster);
    await cluster.advance(60_000);
    const { writes } = await cluster.startOperator();
    await cluster.advance(60_000);
    expect(writes).toEqual([]);
  });

  test("when every object is told anew", async () => {
    const cluster = await Cluster.withOperator();
    await everyState(cluster);
    const { writes } = await cluster.startOperator();
    const kinds: Kind[] = [managedIdentities, roleDefinitions, roleAssignments, protectedResources, deployments];
    for (const kind of kinds) {
      for (const { metadata } of await cluster.all(kind)) {
        await cluster.api.apply(
          kind,
          {
            apiVersion: kind.apiVersion,
            kind: kind.kind,
            metadata: { ...keyOf(metadata), labels: { touched: "yes" } },
          },
          { fieldManager: "somebody" },
        );
      }
    }
    await cluster.idle();
    expect(writes).toEqual([]);
  });

  test("in each state once is enough", async () => {
    const cluster = await Cluster.withoutOperator();
    await everyState(cluster);
    const { writes } = await cluster.startOperator();
    expect(writes.filter((write, at) => writes.indexOf(write) !== at)).toEqual([]);
  });
});

function keyOf({ name, namespace }: { readonly name: string; readonly namespace?: string | undefined }) {
  return namespace === undefined ? { name } : { name, namespace };
}

describe("one event reconciles only what depends on it", () => {
  test("a ServiceAccount: the identities that name it", async () => {
    const cluster = await Cluster.withOperator();
    await cluster.identity("shop/orders");
    await cluster.identity("shop/billing");
    const { writes } = await cluster.startOperator();
    await cluster.serviceAccount("shop/orders");
    expect(writes).toEqual(["applyStatus ManagedIdentity shop/orders"]);
  });
});

test("a role that is ready says so", async () => {
  const cluster = await Cluster.withOperator();
  await cluster.role("reader");
  const { status } = await cluster.get(roleDefinitions, "reader");
  expect(conditionOf(status, "Ready")).toMatchObject({ status: "True" });
});

test("a condition of another controller on the same object is left alone, and costs no write", async () => {
  const cluster = await Cluster.withOperator();
  await cluster.role("reader");
  const foreign = {
    type: "Audited",
    status: "True",
    reason: "Seen",
    message: "",
    lastTransitionTime: "2026-11-21T12:00:00Z",
  };
  const manifest = { apiVersion: roleDefinitions.apiVersion, kind: "RoleDefinition", metadata: { name: "reader" } };
  await cluster.api.applyStatus(
    roleDefinitions,
    { ...manifest, status: { conditions: [foreign] } },
    { fieldManager: "auditor" },
  );
  const { writes } = await cluster.startOperator();
  expect(writes).toEqual([]);
  const { status } = await cluster.get(roleDefinitions, "reader");
  expect(status?.conditions?.map(({ type }) => type).sort()).toEqual(["Audited", "Ready"]);
});

describe("a write that is refused", () => {
  const refuseFirst = (count: number, reason: "Conflict" | "Forbidden") => {
    let left = count;
    return (): Error | undefined => (left-- > 0 ? new StatusError(reason, "refused by the test") : undefined);
  };

  test("because the object changed meanwhile is tried again, and is no error", async () => {
    const cluster = await Cluster.withoutOperator();
    await cluster.role("reader");
    const { errors } = await cluster.startOperator(refuseFirst(3, "Conflict"));
    await cluster.advance(10_000);
    expect(conditionOf((await cluster.get(roleDefinitions, "reader")).status, "Ready")).toBeDefined();
    expect(errors).toEqual([]);
  });

  test("again and again is one", async () => {
    const cluster = await Cluster.withoutOperator();
    await cluster.role("reader");
    const { errors } = await cluster.startOperator(refuseFirst(4, "Conflict"));
    await cluster.advance(10_000);
    expect(errors).toMatchObject([{ controller: "role-definition", key: "reader", attempt: 4 }]);
  });

  test("for any other reason is an error at once, and tried again too", async () => {
    const cluster = await Cluster.withoutOperator();
    await cluster.role("reader");
    const { errors } = await cluster.startOperator(refuseFirst(1, "Forbidden"));
    await cluster.advance(10_000);
    expect(errors).toMatchObject([{ controller: "role-definition", attempt: 1 }]);
    expect(conditionOf((await cluster.get(roleDefinitions, "reader")).status, "Ready")).toBeDefined();
  });
});

test("nothing is decided before everything is known", async () => {
  const cluster = await Cluster.withOperator();
  await cluster.role("reader");
  await cluster.identity("shop/orders");
  await cluster.assignment("payments/reads");
  await cluster.stopOperator();

  const { promise: listed, resolve: list } = Promise.withResolvers<void>();
  const api = new (class extends RecordingApi {
    override async list<T extends KubeObject>(kind: Kind<T>): Promise<ObjectList<T>> {
      if (kind.kind === "ManagedIdentity") await listed;
      return super.list(kind);
    }
  })(cluster.api);
  const operator = startOperator({ api, clock: cluster.clock, log: silent, kubernetesRoles: "ignore" });
  await settle();
  list();
  await operator.idle();
  await operator.stop();
  expect(api.writes).toEqual([]);
});

test("without the tenant's namespace the operator says what is missing", async () => {
  const clock = new FakeClock();
  const operator = startOperator({
    api: new InMemoryApi({ kinds: allKinds, clock }),
    clock,
    log: silent,
    kubernetesRoles: "ignore",
  });
  await expect(operator.synced).rejects.toThrow(
    "Namespace kube-system does not exist, and its UID is the tenant id of every token: create it.",
  );
  await operator.stop();
});

test("an operator that was stopped leaves no timer and does nothing more", async () => {
  const cluster = await Cluster.withOperator();
  await everyState(cluster);
  const { writes } = await cluster.startOperator();
  await cluster.stopOperator();
  await cluster.delete(managedIdentities, "shop/orders");
  await cluster.clock.advance(86_400_000);
  expect(writes).toEqual([]);
  expect(cluster.clock.pending).toBe(0);
});

test("an operator that is stopped writes nothing more, although its watches end late", async () => {
  const cluster = await Cluster.withOperator();
  await everyState(cluster);
  const closed = Promise.withResolvers<void>();
  const { operator, writes } = await cluster.startOperator(
    undefined,
    (api) =>
      new (class extends RecordingApi {
        override async *watch<T extends KubeObject>(kind: Kind<T>, options: WatchOptions) {
          yield* super.watch(kind, options);
          await closed.promise;
        }
      })(api),
  );
  const stopped = operator.stop();
  await cluster.clock.advance(86_400_000);
  expect(writes).toEqual([]);
  closed.resolve();
  await stopped;
});

test("thousands of objects are in order after the start", async () => {
  const cluster = await Cluster.withoutOperator();
  await cluster.role("reader");
  for (let index = 0; index < 500; index++) {
    await cluster.identity(`shop/identity-${index}`);
    const principal = { managedIdentity: `identity-${index}`, namespace: "shop" };
    for (const use of ["a", "b", "c"]) await cluster.assignment(`payments/${use}-${index}`, { principal });
  }
  const { writes } = await cluster.startOperator();
  expect(writes).toHaveLength(1 + 500 + 1500);
  const unready = (await cluster.all(roleAssignments)).filter(
    ({ status }) => conditionOf(status, "Ready")?.status !== "True",
  );
  expect(unready).toEqual([]);
});
