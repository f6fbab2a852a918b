import fc from "fast-check";
import { expect, test } from "vitest";
import { tenantId } from "../../../identity/ids.ts";
import { type ClusterState, watchCluster } from "../../../issuer/cluster-state.ts";
import { evaluate } from "../../../issuer/evaluation/evaluate.ts";
import { evaluationSchema } from "../../../issuer/evaluation/evaluation-request.ts";
import { settle } from "../../support/fake-clock.ts";
import { silentLog } from "../../support/silent-log.ts";
import { World } from "../../support/world.ts";

const VAULT = "https://vault.payments.svc";
const MALLORY = "mallory";

/** What belongs to others than the namespace that asks. */
interface Others {
  readonly orders: "absent" | "enabled" | "disabled";
  readonly pod: boolean;
  readonly grants: readonly { readonly to: string; readonly role: string; readonly resource?: string }[];
  readonly onNamespace: boolean;
}

const arbitraryOthers: fc.Arbitrary<Others> = fc.record({
  orders: fc.constantFrom("absent", "enabled", "disabled"),
  pod: fc.boolean(),
  grants: fc.uniqueArray(
    fc.record(
      {
        to: fc.constantFrom("shop/orders", "shop/reports"),
        role: fc.constantFrom("secrets-reader", "reader", "missing"),
        resource: fc.constantFrom("vault", "other"),
      },
      { requiredKeys: ["to", "role"] },
    ),
    { maxLength: 4, selector: (grant) => JSON.stringify(grant) },
  ),
  onNamespace: fc.boolean(),
});

async function build({ orders, pod, grants, onNamespace }: Others) {
  const world = await World.create();
  for (const namespace of ["shop", "payments", MALLORY]) await world.namespace(namespace);
  for (const account of ["shop/orders", `${MALLORY}/web`]) await world.serviceAccount(account);
  await world.pod(`${MALLORY}/web-1`, { serviceAccount: "web" });
  if (pod) await world.pod("shop/orders-1", { serviceAccount: "orders" });
  const subjects = [{ serviceAccount: "orders" }];
  await world.identity("shop/reports", { subjects });
  if (orders !== "absent") await world.identity("shop/orders", { subjects, disabled: orders === "disabled" });
  await world.identity(`${MALLORY}/own`, { subjects: [{ serviceAccount: "web" }] });
  await world.resource("payments/vault", VAULT);
  await world.resource(`${MALLORY}/trap`, "https://trap.mallory.svc");
  for (const [role, actions] of [
    ["secrets-reader", ["secrets/read"]],
    ["reader", ["*/read"]],
  ] as const) {
    await world.role(role, actions);
  }
  const exists = (to: string): boolean => to !== "shop/orders" || orders !== "absent";
  for (const [index, grant] of grants.filter(({ to }) => exists(to)).entries()) {
    await world.assignment(`payments/grant-${index}`, grant);
  }
  const wide = { to: "shop/reports", role: "reader", scope: "/namespaces/payments" };
  if (onNamespace) await world.clusterAssignment("wide", wide);
  const cluster = watchCluster({ api: world.api, clock: world.clock, log: silentLog });
  await cluster.synced;
  await settle();
  return { world, cluster };
}

/** Every question that a pod of namespace mallory may put, by names that it may know or guess. */
function questions(guessed: readonly string[]): unknown[] {
  const subjects = [
    ...["shop/orders", "shop/reports", "shop/nobody", `${MALLORY}/own`, `${MALLORY}/nobody`].map((name) => {
      const [namespace, identity] = name.split("/");
      return `/namespaces/${namespace}/managedIdentities/${identity}`;
    }),
    ...guessed,
  ];
  const resources = [
    ...[VAULT, "https://unknown.svc", "/", "/namespaces/payments", `/namespaces/${MALLORY}`],
    ...["/namespaces/payments/resources/vault", "/namespaces/payments/resources/nothing"],
    ...[`/namespaces/${MALLORY}/resources/trap`, `/namespaces/${MALLORY}/resources/nothing`],
  ];
  const contexts = [undefined, ...["shop/orders-1", `${MALLORY}/web-1`].map(podContext)];
  return subjects.flatMap((id) =>
    resources.flatMap((resource) =>
      contexts.map((context) => ({
        subject: { type: "managed_identity", id },
        action: { name: "secrets/read" },
        resource: { type: "resource", id: resource },
        context,
      })),
    ),
  );
}

function podContext(key: string) {
  const [namespace, name] = key.split("/");
  return { pod: { namespace, name }, audience: VAULT };
}

async function answers(cluster: ClusterState, asked: readonly unknown[]): Promise<string[]> {
  const facts = { cluster, settings: { decisionNamespaces: [] } };
  const tenant = tenantId(cluster.tenantId() ?? "");
  const given: string[] = [];
  for (const question of asked) {
    const evaluation = await evaluate(
      { asked: evaluationSchema.parse(question), caller: { namespace: MALLORY }, tenant },
      facts,
    );
    given.push(JSON.stringify(evaluation));
  }
  return given;
}

test("two clusters that differ in what others were given answer a stranger in the same bytes", {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryOthers, arbitraryOthers, async (some, others) => {
      const [one, other] = [await build(some), await build(others)];
      try {
        const orders = one.cluster.identity.named({ namespace: "shop", name: "orders" });
        const reports = other.cluster.identity.named({ namespace: "shop", name: "reports" });
        const guessed = [orders?.metadata.uid, orders?.status?.clientId, reports?.metadata.uid];
        const asked = questions(guessed.filter((id) => id !== undefined));
        expect(await answers(one.cluster, asked)).toEqual(await answers(other.cluster, asked));
      } finally {
        await Promise.all([one.cluster.stop(), other.cluster.stop()]);
      }
    }),
    { numRuns: 100 },
  );
});
