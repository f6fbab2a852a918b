import { expect, test } from "vitest";
import { roleAssignments } from "../../../kube/kinds.ts";
import { conditionOf } from "../builders.ts";
import { ready, withOrders } from "./assignments.ts";

/** The clock of the tests stands at 12:00. */
const inAMinute = "2026-11-21T12:01:00Z";
const inTwo = "2026-11-21T12:02:00Z";

test("an assignment begins and ends at its times, by itself", async () => {
  const cluster = await withOrders();
  await cluster.assignment("payments/reads", { notBefore: inAMinute, expiresAt: inTwo });
  expect(await ready(cluster)).toMatchObject({ status: "False", reason: "NotYetInForce" });
  await cluster.advance(59_999);
  expect(await ready(cluster)).toMatchObject({ reason: "NotYetInForce" });
  await cluster.advance(1);
  expect(await ready(cluster)).toMatchObject({ status: "True", message: expect.stringContaining(`until ${inTwo}`) });
  await cluster.advance(59_999);
  expect(await ready(cluster)).toMatchObject({ status: "True" });
  await cluster.advance(1);
  expect(await ready(cluster)).toMatchObject({ status: "False", reason: "Expired" });
});

test("a time that is moved counts as it is written last", async () => {
  const cluster = await withOrders();
  await cluster.assignment("payments/reads", { expiresAt: inAMinute });
  await cluster.assignment("payments/reads", { expiresAt: inTwo });
  await cluster.advance(60_000);
  expect(await ready(cluster)).toMatchObject({ status: "True" });
  await cluster.assignment("payments/reads", { notBefore: inTwo });
  expect(await ready(cluster)).toMatchObject({ reason: "NotYetInForce" });
  await cluster.assignment("payments/reads");
  expect(await ready(cluster)).toMatchObject({ status: "True" });
});

test("an end in the past is held Expired from the start", async () => {
  const cluster = await withOrders();
  await cluster.assignment("payments/reads", { expiresAt: "2020-01-01T00:00:00Z" });
  expect(await ready(cluster)).toMatchObject({ status: "False", reason: "Expired" });
});

test("a thousand assignments that end in the same second are all Expired after it", async () => {
  const cluster = await withOrders();
  await cluster.stopOperator();
  const names = Array.from({ length: 1000 }, (_, each) => `payments/reads-${each}`);
  for (const name of names) await cluster.assignment(name, { expiresAt: inAMinute });
  await cluster.startOperator();
  await cluster.advance(60_000);
  const reasons = (await cluster.all(roleAssignments)).map(({ status }) => conditionOf(status, "Ready")?.reason);
  expect(new Set(reasons)).toEqual(new Set(["Expired"]));
});

test("a condition is said of what is Ready", async () => {
  const cluster = await withOrders();
  await cluster.assignment("payments/reads", { condition: 'pod.namespace == "shop"' });
  expect(await ready(cluster)).toMatchObject({ status: "True", message: expect.stringContaining("its condition") });
});
