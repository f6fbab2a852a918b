import { describe, expect, test } from "vitest";
import { type CheckOptions, checkAccess } from "../../../cli/access/check.ts";
import { checkAnswer } from "../../../cli/access/format-check.ts";
import type { Answer } from "../../../cli/cluster/answer.ts";
import { managedIdentities } from "../../../kube/kinds.ts";
import { testSession } from "../cluster/test-session.ts";
import { accessWorld, assign } from "./access-world.ts";

/** What is answered where the one assignment that would allow it has a limit. */
async function limited(limit: object, changes: Partial<CheckOptions> = {}): Promise<Answer> {
  const world = await accessWorld();
  const { metadata } = await world.api.get(managedIdentities, { namespace: "shop", name: "orders" });
  const spec = { principal: { managedIdentity: "orders", namespace: "shop" }, roleDefinition: "secrets-reader" };
  await assign(world, "payments/limited", { ...spec, resource: "other-vault", ...limit }, metadata.uid);
  await world.pod("shop/orders-1", { serviceAccount: "orders" });
  const asked = { as: "shop/orders", action: "secrets/read", resource: "/namespaces/payments/resources/other-vault" };
  return checkAnswer(await checkAccess({ ...asked, ...changes }, testSession(world)));
}

const pod = "shop/orders-1";

describe("an assignment that is limited on purpose is not walked round", () => {
  test.each([
    ["a condition that is not met", { condition: 'pod.namespace == "other"' }, { pod }],
    ["a condition that cannot be decided", { condition: 'pod.labels.team == "shop"' }, { pod }],
    ["a condition on facts that were not given", { condition: 'pod.namespace == "shop"' }, {}],
    ["a begin that is to come", { notBefore: "2199-01-01T00:00:00Z" }, {}],
    ["an end that is over", { expiresAt: "2001-01-01T00:00:00Z" }, {}],
  ])("%s: what stands in the way and how to change it, and no manifest", async (_named, limit, changes) => {
    const { code, text, data } = await limited(limit, changes);
    const [[field, value] = ["", ""]] = Object.entries(limit);
    expect(code).toBe(1);
    expect(text).toContain(`Its ${field}: ${value}`);
    expect(text).toContain("kubectl edit -n payments roleassignments.lanyard.dev/limited");
    expect(text).not.toMatch(/apiVersion|kubectl apply/);
    const assignment = { kind: "RoleAssignment", namespace: "payments", name: "limited" };
    expect(data).toMatchObject({ remedy: [], obstacle: { assignment, field, value } });
  });
});

describe("what a condition lacks is said", () => {
  test("the pod, with the option that names it", async () => {
    const { text, notes } = await limited({ condition: 'pod.namespace == "shop"' });
    expect(text).toContain("Not decided: which pod asks is not known here.");
    expect(notes?.join()).toContain("--pod NAMESPACE/NAME");
    expect(notes?.join()).not.toContain("--audience");
  });

  test("the audience, with the option that names it", async () => {
    const { text, notes } = await limited({ condition: 'request.audience == "https://a"' }, { pod });
    expect(text).toContain("Not decided: for which audience is not known here.");
    expect(notes?.join()).toContain("--audience URL");
    expect(notes?.join()).not.toContain("--pod");
  });

  test("the label of the pod, by its name", async () => {
    const { text, notes } = await limited({ condition: 'pod.labels.team == "shop"' }, { pod });
    expect(text).toMatch(/Not decided: the pod lacks the label that it reads \(.*team.*\)/);
    expect(notes).toEqual([]);
  });
});

test.each([
  { seconds: 299, notes: 1 },
  { seconds: 301, notes: 0 },
])("an assignment that ends in $seconds s allows it; that no new token has its role is said: $notes", async (given) => {
  const world = await accessWorld();
  const expiresAt = new Date(world.clock.now() + given.seconds * 1000).toISOString();
  const { metadata } = await world.api.get(managedIdentities, { namespace: "shop", name: "orders" });
  const spec = { principal: { managedIdentity: "orders", namespace: "shop" }, roleDefinition: "secrets-reader" };
  await assign(world, "payments/ending", { ...spec, resource: "other-vault", expiresAt }, metadata.uid);
  const asked = { as: "shop/orders", action: "secrets/read", resource: "payments/other-vault" };
  const { code, notes } = checkAnswer(await checkAccess(asked, testSession(world)));
  expect(code).toBe(0);
  expect(notes?.filter((note) => note.includes("No new token"))).toHaveLength(given.notes);
});
