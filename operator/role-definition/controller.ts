import { keyText } from "../../kube/kind.ts";
import { roleDefinitions } from "../../kube/kinds.ts";
import type { WorkQueue } from "../../kube/work-queue.ts";
import type { Context } from "../context.ts";
import { parseKeyText } from "../object-name.ts";
import { startQueue } from "../reconcile-queue.ts";
import { onEach } from "../store-changes.ts";
import { writeStatus } from "../write-status.ts";
import { reconcileRoleDefinition } from "./reconcile.ts";

/** Keeps the Ready condition of every RoleDefinition. */
export function startRoleDefinitionController(context: Context): WorkQueue {
  const { api, clock, watches } = context;

  const queue = startQueue(context, "role-definition", async (key) => {
    const role = watches.roleDefinitions.get(parseKeyText(key));
    if (role === undefined || role.metadata.deletionTimestamp !== undefined) return;
    await writeStatus(api, roleDefinitions, role, reconcileRoleDefinition(role, new Date(clock.now())));
  });

  onEach(watches.roleDefinitions, ({ object }) => queue.add(keyText(object.metadata)));
  return queue;
}
