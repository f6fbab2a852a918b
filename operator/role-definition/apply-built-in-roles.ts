import { builtInRoleDefinitions } from "../../identity/built-in-roles.ts";
import type { KubeApi } from "../../kube/api.ts";
import { roleDefinitions } from "../../kube/kinds.ts";
import type { Log } from "../../kube/log.ts";
import { isStatus } from "../../kube/status-error.ts";
import { FIELD_MANAGER } from "../write-status.ts";

/** Makes the roles that every install has, and brings them to this version's state. What an administrator changed stays. */
export async function applyBuiltInRoles(api: KubeApi, log: Log): Promise<void> {
  for (const manifest of builtInRoleDefinitions) {
    try {
      await api.apply(roleDefinitions, manifest, { fieldManager: FIELD_MANAGER });
    } catch (error) {
      if (!isStatus(error, "Conflict")) throw error;
      log.info({ role: manifest.metadata.name }, "This built-in role was changed by somebody, and stays as it is.");
    }
  }
}
