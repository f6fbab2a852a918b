import { isDeepStrictEqual } from "node:util";
import { mergeConditions } from "../../identity/condition.ts";
import type { ProtectedResource } from "../../identity/protected-resource.ts";
import { protectedResources } from "../../kube/kinds.ts";
import { type Stored, stored } from "../../kube/stored.ts";
import type { Context } from "../context.ts";
import { fails, holds } from "../observation.ts";
import { FIELD_MANAGER } from "../write-status.ts";
import type { ServiceDecision } from "./reconcile.ts";

export const VAULT_SERVED = "VaultServed";

/** Not the manager of the rest of the status: what a manager leaves out of a list that it applied before is removed. */
const CONDITION_MANAGER = `${FIELD_MANAGER}-vault-service`;

/** Says on a vault whether it can be reached; what is no vault has no such condition. */
export async function writeCondition(
  { api, clock }: Pick<Context, "api" | "clock">,
  resource: Stored<ProtectedResource>,
  { finding, holds: isServed }: ServiceDecision,
): Promise<void> {
  const { name, namespace, uid, generation = 0 } = resource.metadata;
  const before = (resource.status?.conditions ?? []).filter(({ type }) => type === VAULT_SERVED);
  const observations = finding === undefined ? [] : [(isServed ? holds : fails)(VAULT_SERVED, finding)];
  const conditions = mergeConditions(before, observations, { now: new Date(clock.now()), generation });
  if (isDeepStrictEqual(before, conditions)) return;
  const { apiVersion, kind } = protectedResources;
  const manifest = { apiVersion, kind, metadata: { name, namespace, uid }, status: { conditions } };
  await api.applyStatus(stored(protectedResources), manifest, { fieldManager: CONDITION_MANAGER, force: true });
}
