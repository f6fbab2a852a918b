import type { Kind } from "../../../kube/kind.ts";
import { clusterRoleAssignments, roleAssignments } from "../../../kube/kinds.ts";
import { World } from "../../support/world.ts";

export const VAULT = "https://payments-vault.payments.svc";
export const VAULT_SCOPE = "/namespaces/payments/resources/payments-vault";

/** Identities of namespace shop, vaults of namespace payments, and some roles on them. */
export async function accessWorld(): Promise<World> {
  const world = await World.create();
  for (const name of ["shop", "payments"]) await world.namespace(name);
  await world.serviceAccount("shop/orders");
  await world.identity("shop/orders", { subjects: [{ serviceAccount: "orders" }] });
  await world.identity("shop/billing", { subjects: [{ serviceAccount: "billing" }] });
  await world.identity("shop/retired", { disabled: true });
  const { deployment } = await world.deployment("shop/web");
  await world.systemIdentity("shop/deployment-web-0a1b2c3d4e", deployment);
  await world.resource("payments/payments-vault", VAULT);
  await world.resource("payments/other-vault", "https://other-vault.payments.svc");
  await world.role("secrets-reader", ["secrets/list", "secrets/read"]);
  await world.role("contributor", ["**"]);
  await world.assignment("payments/orders-reads", {
    to: "shop/orders",
    role: "secrets-reader",
    resource: "payments-vault",
  });
  await world.assignment("payments/retired-reads", { to: "shop/retired", role: "secrets-reader" });
  await world.clusterAssignment("billing-does-all", { to: "shop/billing", role: "contributor", scope: "/" });
  return world;
}

/** An assignment of any spec, pinned as the operator would. */
export async function assign(world: World, name: string, spec: object, principalId: string): Promise<void> {
  const [first = "", second] = name.split("/");
  const metadata = second === undefined ? { name: first } : { namespace: first, name: second };
  const kind: Kind = second === undefined ? clusterRoleAssignments : roleAssignments;
  const manifest = { apiVersion: kind.apiVersion, kind: kind.kind, metadata };
  await world.api.create(kind, { ...manifest, spec });
  await world.api.applyStatus(kind, { ...manifest, status: { principalId } }, { fieldManager: "world", force: true });
}
