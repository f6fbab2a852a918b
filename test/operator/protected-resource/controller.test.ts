import { describe, expect, test } from "vitest";
import { protectedResources } from "../../../kube/kinds.ts";
import { conditionOf } from "../builders.ts";
import { Cluster } from "../cluster.ts";

const vault = "https://vault.payments.svc";
const audit = "https://audit.payments.svc";
const shared = "https://api.example.com";

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

describe("an attacker's older resource that adds an audience later", () => {
  test("does not take one that another resource holds, also after a restart of the operator", async () => {
    const cluster = await Cluster.withOperator();
    await cluster.resource("evil/old", "https://old.evil.svc");
    await cluster.advance(1000);
    await cluster.resource("payments/api", shared);
    await cluster.resource("evil/old", "https://old.evil.svc", shared);
    const held = { audiences: [shared], reason: "Ready" };
    const refused = { audiences: ["https://old.evil.svc"], reason: "AudienceConflict" };
    expect(await seen(cluster, "payments/api")).toEqual(held);
    expect(await seen(cluster, "evil/old")).toEqual(refused);

    await cluster.stopOperator();
    await cluster.startOperator();
    expect(await seen(cluster, "payments/api")).toEqual(held);
    expect(await seen(cluster, "evil/old")).toEqual(refused);
  });

  test("never takes that of another namespace's Service, not while its owner is deleted and recreated either", async () => {
    const cluster = await Cluster.withOperator();
    const api = "https://api.payments.svc";
    await cluster.resource("evil/old", api);
    await cluster.advance(1000);
    await cluster.resource("payments/api", api);
    expect(await seen(cluster, "evil/old")).toEqual({ audiences: [], reason: "AudienceConflict" });
    await cluster.delete(protectedResources, "payments/api");
    expect(await seen(cluster, "evil/old")).toEqual({ audiences: [], reason: "AudienceConflict" });
    await cluster.resource("payments/api", api);
    expect(await seen(cluster, "payments/api")).toEqual({ audiences: [api], reason: "Ready" });
  });
});
