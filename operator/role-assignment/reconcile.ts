import type { z } from "zod";
import { mergeConditions, type Observation } from "../../identity/condition.ts";
import { type Finding, findings } from "../../identity/findings.ts";
import { nextChange } from "../../identity/in-force.ts";
import { type AnyRoleAssignment, type roleAssignmentStatusSchema, scopeOf } from "../../identity/role-assignment.ts";
import type { Stored, Unusable } from "../../kube/stored.ts";
import { KUBERNETES_ROLE_BOUND } from "../kubernetes-role/bound-condition.ts";
import { fails, holds, invalid } from "../observation.ts";
import { firstFinding, foundValue, type Observed } from "./checks.ts";
import { isPrincipalLoss, readyReason } from "./principal-loss.ts";

type RoleAssignmentStatus = z.infer<typeof roleAssignmentStatusSchema>;

export interface Desired {
  readonly status: RoleAssignmentStatus;
  /** When to look again although nothing changed: milliseconds since the epoch. */
  readonly requeueAt?: number;
  /** The pinned identity is gone, which the status does not say yet. */
  readonly principalLost?: Finding;
}

/**
 * A principal is pinned as soon as its name resolves, whatever else is still missing, and the pin never moves: an
 * identity made later under the same name does not inherit the grant. Role, resource and expiry are checked apart.
 */
export function reconcileRoleAssignment(observed: Observed, now: Date): Desired {
  const { assignment, principal } = observed;
  const finding = firstFinding(observed, now);
  const observation = finding === undefined ? (notBound(observed) ?? inForce(assignment)) : fails("Ready", finding);
  const requeueAt = nextChange(assignment, now.getTime());
  return {
    status: {
      ...pin(assignment.status?.principalId ?? foundValue(principal)),
      ...scope(assignment),
      ...pinNamespace(assignment.status?.namespaceUid ?? observed.namespaceUid),
      conditions: conditions(assignment, observation, now),
    },
    ...(requeueAt === undefined ? {} : { requeueAt }),
    ...(isNewLoss(finding, assignment) ? { principalLost: finding } : {}),
  };
}

/** An assignment that cannot be read has no effect, but keeps its pin. */
export function reconcileUnusable(assignment: Unusable, now: Date): Desired {
  return {
    status: {
      ...pin(assignment.status?.principalId),
      ...pinNamespace(assignment.status?.namespaceUid),
      conditions: conditions(assignment, invalid(assignment), now),
    },
  };
}

/** Ready is the last word, so it waits for the binding, which the condition next to it speaks of. */
function notBound({ assignment, clusterRole }: Observed): Observation | undefined {
  if (clusterRole === undefined) return undefined;
  const bound = assignment.status?.conditions?.find(({ type }) => type === KUBERNETES_ROLE_BOUND);
  if (bound === undefined) return fails("Ready", findings.KubernetesRolePending(clusterRole));
  const { status, reason, message } = bound;
  return status === "True" ? undefined : { type: "Ready", status: "False", reason, message };
}

function inForce(assignment: AnyRoleAssignment): Observation {
  const { roleDefinition, expiresAt, condition } = assignment.spec;
  const until = expiresAt === undefined ? "" : ` until ${expiresAt}`;
  const provided = condition === undefined ? "" : ", for requests that meet its condition";
  const given = `The principal has role ${roleDefinition} on ${scopeOf(assignment)}${until}${provided}.`;
  return holds("Ready", findings.Ready(given));
}

function isNewLoss(finding: Finding | undefined, { status }: AnyRoleAssignment): finding is Finding {
  return finding !== undefined && isPrincipalLoss(finding.code) && readyReason(status?.conditions) !== finding.code;
}

function conditions({ metadata, status }: Stored<AnyRoleAssignment>, observation: Observation, now: Date) {
  return mergeConditions(status?.conditions ?? [], [observation], { now, generation: metadata.generation ?? 0 });
}

function pin(principalId: string | undefined): Pick<RoleAssignmentStatus, "principalId"> {
  return principalId === undefined ? {} : { principalId };
}

function pinNamespace(namespaceUid: string | undefined): Pick<RoleAssignmentStatus, "namespaceUid"> {
  return namespaceUid === undefined ? {} : { namespaceUid };
}

function scope(assignment: AnyRoleAssignment): Pick<RoleAssignmentStatus, "scope"> {
  const where = scopeOf(assignment);
  return where === undefined ? {} : { scope: where };
}
