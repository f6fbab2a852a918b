import { expect, test } from "vitest";
import { whoCanAnswer } from "../../../cli/access/format-who-can.ts";
import { whoCan } from "../../../cli/access/who-can.ts";
import { managedIdentities } from "../../../kube/kinds.ts";
import type { World } from "../../support/world.ts";
import type { Forbids } from "../cluster/limited-api.ts";
import { testSession } from "../cluster/test-session.ts";
import { accessWorld, assign } from "./access-world.ts";

async function ask(world: World, action: string, resource = "payments/payments-vault", forbids?: Forbids) {
  const session = testSession(world, forbids);
  return whoCanAnswer(await whoCan({ action, resource }, session), session);
}

test("every principal that can is listed, with what it has that through and inherited from where", async () => {
  const { code, text, notes } = await ask(await accessWorld(), "secrets/read");
  expect(code).toBe(0);
  expect(text).toBe(
    `PRINCIPAL      ROLE             FROM          ASSIGNMENT                               UNTIL    CONDITION
shop/billing   contributor      the cluster   ClusterRoleAssignment/billing-does-all   always   none
shop/orders    secrets-reader   here          payments/orders-reads                    always   none`,
  );
  expect(notes).toEqual(["Left out: shop/retired, which payments/retired-reads names, is disabled."]);
});

test("a condition is shown, since it is the request that meets it", async () => {
  const world = await accessWorld();
  const { metadata } = await world.api.get(managedIdentities, { namespace: "shop", name: "billing" });
  const principal = { managedIdentity: "billing", namespace: "shop" };
  const condition = 'pod.namespace == "shop"\n&& pod.name == "a"';
  const expiresAt = "2026-12-01T00:00:00Z";
  const spec = { principal, roleDefinition: "secrets-reader", resource: "other-vault", condition, expiresAt };
  await assign(world, "payments/billing-if", spec, metadata.uid);
  const { text, data } = await ask(world, "secrets/list", "payments/other-vault");
  expect(text).toContain(
    `payments/billing-if                      2026-12-01T00:00:00Z   pod.namespace == "shop" && pod.name == "a"`,
  );
  expect(data).toMatchObject({ principals: [{ condition, expiresAt }, { role: "contributor" }] });
});

test("nobody is said, with the action that was meant", async () => {
  const world = await accessWorld();
  const { text } = await ask(world, "secret/read", "/namespaces/shop/resources/none");
  expect(text).toContain("shop/billing");
  expect(
    (await ask(world, "secret/read", "payments/payments-vault", (_, plural) => plural === "clusterroleassignments"))
      .text,
  ).toBe(
    'Nobody that you may see may do secret/read at /namespaces/payments/resources/payments-vault. No role names secret/read. Did you mean "secrets/read"?',
  );
});

test("what could not be read is said", async () => {
  const { code, incomplete, data } = await ask(
    await accessWorld(),
    "secrets/read",
    undefined,
    (_, plural) => plural === "clusterroleassignments",
  );
  expect(code).toBe(2);
  expect(incomplete?.join()).toContain("you may not list clusterroleassignments.lanyard.dev");
  expect(data).toMatchObject({ unread: [{ verb: "list", resource: "clusterroleassignments" }] });
});
