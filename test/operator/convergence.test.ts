import fc from "fast-check";
import { expect, test } from "vitest";
import type { Condition } from "../../identity/condition.ts";
import type { Kind, KubeObject } from "../../kube/kind.ts";
import { keyText } from "../../kube/kind.ts";
import {
  deployments,
  managedIdentities,
  protectedResources,
  roleAssignments,
  roleDefinitions,
  serviceAccounts,
} from "../../kube/kinds.ts";
import { FIELD_MANAGER } from "../../operator/write-status.ts";
import { Cluster } from "./cluster.ts";
import { comingAndGoing, type Step, step } from "./steps.ts";

const RUNS = 300;

interface StatusObject extends KubeObject {
  readonly status?:
    | { readonly principalId?: string | undefined; readonly conditions?: Condition[] | undefined }
    | undefined;
}

const withStatus: readonly Kind<StatusObject>[] = [
  managedIdentities,
  roleDefinitions,
  roleAssignments,
  protectedResources,
];

const assignments = {
  "payments/reads": {},
  "payments/on-vault": { resource: "vault" },
  "payments/ends": { expiresAt: "2026-11-21T12:00:10Z" },
  "shop/for-web": { principal: { workload: { kind: "Deployment", name: "web" } } },
};

const steps: fc.Arbitrary<Step> = fc.oneof(
  comingAndGoing(managedIdentities, "shop/orders", (cluster) => cluster.identity("shop/orders")),
  comingAndGoing(managedIdentities, "shop/order", (cluster) => cluster.identity("shop/order", {})),
  comingAndGoing(serviceAccounts, "shop/orders", (cluster) => cluster.serviceAccount("shop/orders")),
  comingAndGoing(roleDefinitions, "reader", (cluster) => cluster.role("reader")),
  comingAndGoing(roleDefinitions, "raeder", (cluster) => cluster.role("raeder")),
  comingAndGoing(protectedResources, "payments/vault", (cluster) => cluster.resource("payments/vault", "a", "b")),
  comingAndGoing(protectedResources, "payments/audit", (cluster) => cluster.resource("payments/audit", "b/", "c")),
  ...Object.entries(assignments).map(([name, spec]) =>
    comingAndGoing(roleAssignments, name, (cluster) => cluster.assignment(name, spec)),
  ),
  ...["true", "false", "ture", undefined].map((value) =>
    comingAndGoing(deployments, "shop/web", (cluster) => cluster.workload(deployments, "shop/web", value)),
  ),
  fc.constantFrom(
    step("a second passes", (cluster) => cluster.advance(1000)),
    step("the operator is stopped", (cluster) => cluster.stopOperator()),
    step("an operator is started", (cluster) => cluster.startOperator()),
  ),
);

const histories = fc.array(steps, { minLength: 1, maxLength: 30 });

/** All objects that have a status, without the times at which it changed. */
async function stateOf(cluster: Cluster): Promise<Record<string, unknown>> {
  const objects = (await Promise.all(withStatus.map((kind) => cluster.all(kind)))).flat();
  return Object.fromEntries(
    objects.map(({ kind, metadata, status }) => {
      const conditions = status?.conditions?.map(({ lastTransitionTime: _when, ...rest }) => rest);
      return [`${kind} ${keyText(metadata)} ${metadata.uid}`, { ...status, conditions }];
    }),
  );
}

/** The part of a status that decides something: the principal of an assignment, and the audiences that a resource owns. */
function pinned(
  kind: string,
  status: { readonly principalId?: unknown; readonly audiences?: unknown } | undefined,
): object {
  if (kind === "RoleAssignment") return { principalId: status?.principalId };
  return kind === "ProtectedResource" ? { audiences: status?.audiences } : {};
}

/** As if no operator had ever looked at these objects; only what was pinned stays pinned. */
async function forgetStatuses(cluster: Cluster): Promise<void> {
  for (const kind of withStatus) {
    for (const { metadata, status } of await cluster.all(kind)) {
      const pin = pinned(kind.kind, status);
      const { name, namespace } = metadata;
      const manifest = { apiVersion: kind.apiVersion, kind: kind.kind, metadata: { name, namespace }, status: pin };
      await cluster.api.applyStatus(kind, manifest, { fieldManager: FIELD_MANAGER, force: true });
    }
  }
}

test("after any history the state is that which a fresh operator would bring about", { timeout: 120_000 }, async () => {
  const law = fc.asyncProperty(histories, async (history) => {
    const cluster = await Cluster.withOperator();
    for (const { take } of history) await take(cluster);
    await cluster.converge();
    const grown = await stateOf(cluster);

    await cluster.stopOperator();
    await forgetStatuses(cluster);
    const { writes, errors } = await cluster.startOperator();
    expect(await stateOf(cluster)).toEqual(grown);
    expect(writes.filter((write) => /^(create|delete) /.test(write))).toEqual([]);
    expect(errors).toEqual([]);
    await cluster.stopOperator();
  });
  await fc.assert(law, { numRuns: RUNS });
});

/** The principal of each assignment, by UIDs; empty while there is none. */
async function pinsOf(cluster: Cluster): Promise<ReadonlyMap<string, string>> {
  const all = await cluster.all(roleAssignments);
  return new Map(all.map(({ metadata, status }) => [metadata.uid, status?.principalId ?? ""]));
}

test("through any history a pin once set never moves", { timeout: 120_000 }, async () => {
  const law = fc.asyncProperty(histories, async (history) => {
    const cluster = await Cluster.withOperator();
    let pins: ReadonlyMap<string, string> = new Map();
    for (const { take } of history) {
      await take(cluster);
      const now = await pinsOf(cluster);
      const moved = [...pins].filter(([assignment, pin]) => pin !== "" && (now.get(assignment) ?? pin) !== pin);
      expect(moved).toEqual([]);
      pins = now;
    }
    await cluster.stopOperator();
  });
  await fc.assert(law, { numRuns: RUNS });
});
