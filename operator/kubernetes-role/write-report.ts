import type { AnyRoleAssignment } from "../../identity/role-assignment.ts";
import type { Stored } from "../../kube/stored.ts";
import type { Context } from "../context.ts";
import { assignmentKind } from "../role-assignment/any-assignment.ts";
import { writeOwnCondition } from "../write-own-condition.ts";
import { KUBERNETES_ROLE_BOUND } from "./bound-condition.ts";
import type { Report } from "./conditions.ts";

/** The Event first: an operator that ends in between says it at its next start, rather than never. */
export async function writeReport(
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
  const condition = { type: KUBERNETES_ROLE_BOUND, observation, manager: "kubernetes-role" };
  await writeOwnCondition(context, assignmentKind(assignment), assignment, condition);
}
