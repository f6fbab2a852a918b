import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { type CheckOptions, checkAccess } from "../../../cli/access/check.ts";
import { checkAnswer } from "../../../cli/access/format-check.ts";
import { whoCanAnswer } from "../../../cli/access/format-who-can.ts";
import { whoCan } from "../../../cli/access/who-can.ts";
import type { Answer } from "../../../cli/cluster/answer.ts";
import { roleDefinitions } from "../../../kube/kinds.ts";
import type { World } from "../../support/world.ts";
import { testSession } from "../cluster/test-session.ts";
import { accessWorld } from "./access-world.ts";

const asked = { as: "shop/orders", action: "secrets/read", resource: "payments/payments-vault" };

async function check(world: World, changes: Partial<CheckOptions>): Promise<Answer> {
  return checkAnswer(await checkAccess({ ...asked, ...changes }, testSession(world)));
}

test.each([["**"], ["*/send"], ["queues/*"], ["queues/send", "**"]])(
  "a denial gets a role of its own where the action is named, and only %j would give it",
  async (...actions) => {
    const world = await accessWorld();
    await world.delete(roleDefinitions, "contributor");
    await world.role("sweeping", [...actions, "queues/send", "other/**"]);
    const { text } = await check(world, { action: "queues/send" });
    const [role, assignment] = parseAllDocuments(text).map((document) => document.toJS());
    expect(role).toMatchObject({ kind: "RoleDefinition", spec: { actions: ["queues/send"] } });
    expect(assignment).toMatchObject({ spec: { roleDefinition: role.metadata.name } });
  },
);

test.each<{ typo: string; changes: Partial<CheckOptions>; says: string }>([
  {
    typo: "the action",
    changes: { action: "secrets/reed" },
    says: 'No role names secrets/reed. Did you mean "secrets/read"?',
  },
  { typo: "the kind of thing", changes: { action: "secret/read" }, says: 'Did you mean "secrets/read"?' },
  { typo: "an action that is nobody's", changes: { action: "stock/read" }, says: "No role names stock/read." },
  {
    typo: "the namespace",
    changes: { resource: "/namespaces/payment" },
    says: 'There is no namespace payment yet. Did you mean "payments"?',
  },
  {
    typo: "the resource",
    changes: { resource: "/namespaces/payments/resources/vault" },
    says: "There is no ProtectedResource payments/vault yet.",
  },
])("a denial because of a typo in $typo proposes nothing, however wide the roles are", async ({ changes, says }) => {
  const { code, text, data, notes } = await check(await accessWorld(), { as: "shop/Deployment/web", ...changes });
  expect(code).toBe(1);
  expect(`${text} ${notes?.join()}`).toContain(says);
  expect(text).not.toContain("kind:");
  expect(data).toMatchObject({ remedy: [] });
});

test("it is noted when a wildcard allows a typo", async () => {
  const { code, notes } = await check(await accessWorld(), { as: "shop/billing", action: "secrets/reed" });
  expect(code).toBe(0);
  expect(notes).toEqual(['It is allowed by a wildcard. No role names secrets/reed. Did you mean "secrets/read"?']);
});

test("who-can notes that a wildcard allows a typo", async () => {
  const session = testSession(await accessWorld());
  const { notes } = whoCanAnswer(await whoCan({ action: "secrets/reed", resource: asked.resource }, session), session);
  expect(notes).toContain('They have it by a wildcard. No role names secrets/reed. Did you mean "secrets/read"?');
});
