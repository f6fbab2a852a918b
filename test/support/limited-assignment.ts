import type { RoleAssignment } from "../../identity/role-assignment.ts";
import { pods, roleAssignments } from "../../kube/kinds.ts";
import type { Shop } from "./shop.ts";
import type { World } from "./world.ts";

export type Limits = Partial<Pick<RoleAssignment["spec"], "notBefore" | "expiresAt" | "condition">>;

/** Limits the assignment `payments/orders-reads` of a shop. */
export async function limit({ world }: Pick<Shop, "world">, limits: Limits): Promise<void> {
  await world.update(roleAssignments, "payments/orders-reads", {
    principal: { managedIdentity: "orders", namespace: "shop" },
    roleDefinition: "secrets-reader",
    resource: "payments-vault",
    ...limits,
  });
}

/** Gives a pod these labels and no others. */
export async function label(world: World, pod: string, labels: Record<string, string>): Promise<void> {
  const [namespace, name = ""] = pod.split("/");
  const manifest = { apiVersion: "v1", kind: "Pod", metadata: { namespace, name, labels } };
  await world.api.apply(pods, manifest, { fieldManager: "labels", force: true });
}
