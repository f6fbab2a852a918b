import type { Grant } from "../../identity/access.ts";
import { assignmentKey } from "../../identity/access-index.ts";
import { segmentsOf } from "../../identity/action-set.ts";
import { compileRole } from "../../identity/compiled-role.ts";
import { principalId } from "../../identity/ids.ts";
import type { AnyRoleAssignment } from "../../identity/role-assignment.ts";
import type { Session } from "../cluster/session.ts";
import { type KnownIdentities, readIdentities } from "../identity/known-identities.ts";
import { findTarget, type Target } from "./find-target.ts";
import { parseAction } from "./parse-action.ts";
import { type AccessObjects, indexOf, readAccessAt } from "./read-access.ts";

export interface WhoCan {
  readonly action: string;
  readonly target: Target;
  readonly objects: AccessObjects;
  readonly identities: KnownIdentities;
  /** Every grant that allows it, those under a condition too. */
  readonly grants: readonly Grant[];
}

/** Everybody who may do an action on a target now, by the issuer's rules. */
export async function whoCan(asked: { action: string; resource: string }, session: Session): Promise<WhoCan> {
  const action = parseAction(asked.action);
  const target = await findTarget(asked.resource, session);
  const [objects, identities] = await Promise.all([readAccessAt(session.api, target.scope), readIdentities(session)]);
  const grants = target.refusal === undefined ? grantsOf(action, target, objects, session.clock.now()) : [];
  return { action, target, objects, identities, grants };
}

/** A condition is for the request to meet; who asks in general is told that there is one. */
function grantsOf(action: string, { scope }: Target, { roles, assignments }: AccessObjects, now: number): Grant[] {
  const written = new Map(assignments.map((assignment) => [assignmentKey(assignment), assignment]));
  const index = indexOf(roles, assignments.map(unconditional));
  const principals = new Set(assignments.flatMap(({ status }) => status?.principalId ?? []));
  const asked = segmentsOf(action);
  return [...principals]
    .flatMap((id) => index.grantsAt(principalId(id), scope, { now }))
    .filter(({ role }) => compileRole(role).allows(asked))
    .map((grant) => ({ ...grant, assignment: written.get(assignmentKey(grant.assignment)) ?? grant.assignment }));
}

function unconditional(assignment: AnyRoleAssignment): AnyRoleAssignment {
  return assignment.kind === "RoleAssignment"
    ? { ...assignment, spec: { ...assignment.spec, condition: undefined } }
    : { ...assignment, spec: { ...assignment.spec, condition: undefined } };
}
