import { expect, test } from "vitest";
import { protectedResources } from "../../../kube/kinds.ts";
import { conditionOf } from "../builders.ts";
import { Cluster } from "../cluster.ts";

const vault = "https://vault.payments.svc";
const audit = "https://audit.payments.svc";

async function seen(cluster: Cluster, name: string) {
  const { status } = await cluster.get(protectedResources, name);
  return { audiences: status?.audiences, reason: conditionOf(status, "Ready")?.reason };
}

test("the younger of two resources that name an audience gets it when the older goes", async () => {
  const cluster = await Cluster.withOperator();
  await cluster.resource("payments/older", vault);
  await cluster.advance(1000);
  await cluster.resource("payments/younger", vault, audit);
  expect(await seen(cluster, "payments/older")).toEqual({ audiences: [vault], reason: "Ready" });
  expect(await seen(cluster, "payments/younger")).toEqual({ audiences: [audit], reason: "AudienceConflict" });

  await cluster.delete(protectedResources, "payments/older");
  expect(await seen(cluster, "payments/younger")).toEqual({ audiences: [vault, audit], reason: "Ready" });
});

test("an audience that its owner no longer names goes to the one that waits for it", async () => {
  const cluster = await Cluster.withOperator();
  await cluster.resource("payments/older", vault);
  await cluster.advance(1000);
  await cluster.resource("payments/younger", `${vault}/`);
  expect(await seen(cluster, "payments/younger")).toMatchObject({ reason: "AudienceConflict" });

  await cluster.resource("payments/older", audit);
  expect(await seen(cluster, "payments/younger")).toEqual({ audiences: [`${vault}/`], reason: "Ready" });
});
