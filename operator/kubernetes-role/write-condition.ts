import { isDeepStrictEqual } from "node:util";
import { type Condition, mergeConditions, type Observation } from "../../identity/condition.ts";
import type { AnyRoleAssignment } from "../../identity/role-assignment.ts";
import { type Stored, stored } from "../../kube/stored.ts";
import type { Context } from "../context.ts";
import { assignmentKind } from "../role-assignment/any-assignment.ts";
import { FIELD_MANAGER } from "../write-status.ts";
import { KUBERNETES_ROLE_BOUND } from "./condition-type.ts";
import type { Report } from "./conditions.ts";

/** Not the manager of the rest of the status: what a manager leaves out of a list that it applied before is removed. */
const CONDITION_MANAGER = `${FIELD_MANAGER}-kubernetes-role`;

export function boundCondition({ status }: Stored<AnyRoleAssignment>): Condition | undefined {
  return status?.conditions?.find(({ type }) => type === KUBERNETES_ROLE_BOUND);
}

/** The Event first: an operator that ends in between says it at its next start, rather than never. */
export async function tell(
  context: Pick<Context, "api" | "clock" | "events">,
  assignment: Stored<AnyRoleAssignment>,
  { observation, event }: Report,
): Promise<void> {
  if (event !== undefined) {
    const { apiVersion, kind, metadata } = assignment;
    const { namespace, name, uid } = metadata;
    await context.events.record(
      { apiVersion, kind, namespace, name, uid },
      { type: "Warning", reason: event.code, action: "BindKubernetesRole", note: event.sentence },
    );
  }
  await writeCondition(context, assignment, observation);
}

/** The write names the UID: an assignment that was made again meanwhile is another one. */
async function writeCondition(
  { api, clock }: Pick<Context, "api" | "clock">,
  assignment: Stored<AnyRoleAssignment>,
  observation: Observation | undefined,
): Promise<void> {
  const { name, namespace, uid, generation = 0 } = assignment.metadata;
  const before = [boundCondition(assignment)].filter((condition) => condition !== undefined);
  const observations = observation === undefined ? [] : [observation];
  const conditions = mergeConditions(before, observations, { now: new Date(clock.now()), generation });
  if (isDeepStrictEqual(before, conditions)) return;
  const kind = assignmentKind(assignment);
  const { apiVersion } = kind;
  const manifest = { apiVersion, kind: kind.kind, metadata: { name, namespace, uid }, status: { conditions } };
  await api.applyStatus(stored(kind), manifest, { fieldManager: CONDITION_MANAGER, force: true });
}
