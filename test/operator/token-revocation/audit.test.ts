import { expect, test } from "vitest";
import { auditRecordSchema, type RevocationRecord } from "../../../identity/audit-records.ts";
import { tokenRevocations } from "../../../kube/kinds.ts";
import { startOperator } from "../../../operator/operator.ts";
import { silentLog } from "../../support/silent-log.ts";
import { Cluster } from "../cluster.ts";

const jti = "5f2b8b2a-70b1-4cf2-8f3e-8fa53b6d7c01.8x2k";

/** An operator that writes down revocations, until its caller stops it. */
async function operatorOn({ api, clock }: Cluster) {
  const audit: RevocationRecord[] = [];
  const operator = startOperator({
    ...{ api, clock, log: silentLog, kubernetesRoles: "ignore" },
    auditRevocation: (record) => audit.push(record),
  });
  await operator.idle();
  return { audit, operator };
}

test.each<[string, object, object]>([
  ["an identity", { managedIdentity: "orders" }, { identity: "/namespaces/shop/managedIdentities/orders" }],
  ["a pod", { pod: { name: "orders-0" } }, { pod: { namespace: "shop", name: "orders-0" } }],
  ["a token", { tokenId: jti }, { jti }],
])("a revocation of %s is written down once", async (_whose, spec, target) => {
  const cluster = await Cluster.withoutOperator();
  await cluster.apply(tokenRevocations, "shop/leaked", { spec });
  const first = await operatorOn(cluster);
  await first.operator.stop();
  const second = await operatorOn(cluster);
  await second.operator.stop();
  expect([...first.audit, ...second.audit]).toEqual([
    {
      schema: "lanyard.dev/audit/v1",
      event: "revocation",
      decision: "revoked",
      time: new Date(cluster.clock.now()).toISOString(),
      revocation: "shop/leaked",
      ...target,
    },
  ]);
  expect(auditRecordSchema.parse(first.audit[0])).toEqual(first.audit[0]);
});

test("one that is deleted while tokens may be left is written down as withdrawn, and one that is over is not", async () => {
  const cluster = await Cluster.withoutOperator();
  await cluster.apply(tokenRevocations, "shop/leaked", { spec: { managedIdentity: "orders" } });
  await cluster.apply(tokenRevocations, "shop/old", { spec: { managedIdentity: "orders" } });
  const { audit, operator } = await operatorOn(cluster);
  await cluster.delete(tokenRevocations, "shop/leaked");
  await operator.idle();
  await cluster.clock.advance(25 * 3_600_000);
  await operator.idle();
  await operator.stop();
  const told = audit.map(({ decision, revocation }) => `${decision} ${revocation}`);
  expect(told.sort()).toEqual(["revoked shop/leaked", "revoked shop/old", "withdrawn shop/leaked"]);
});
