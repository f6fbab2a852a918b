import { type ManagedIdentity, workloadKinds } from "../../identity/managed-identity.ts";
import type { AnyRoleAssignment } from "../../identity/role-assignment.ts";
import { keyText } from "../../kube/kind.ts";
import { managedIdentities } from "../../kube/kinds.ts";
import { isStatus } from "../../kube/status-error.ts";
import { isHeld } from "../../operator/workload-identity/grace.ts";
import type { Answer } from "../cluster/answer.ts";
import { poll } from "../cluster/poll.ts";
import { find, unreadData, unreadNotes } from "../cluster/readable.ts";
import type { Session } from "../cluster/session.ts";
import { assignmentData, assignmentReference, assignmentText } from "../role-assignment/assignment-text.ts";
import { type Deletion, deleteEach } from "../role-assignment/delete.ts";
import { isAssignedTo } from "../role-assignment/is-assigned-to.ts";
import { everyAssignment } from "../role-assignment/list.ts";
import { UsageError } from "../usage-error.ts";
import { turnOff } from "./annotate-workload.ts";
import { findIdentity } from "./find-identity.ts";
import { type FoundWorkload, workloadOf } from "./find-workload.ts";
import { identityText } from "./identity-text.ts";

export interface RemoveOptions {
  readonly withAssignments?: true;
  /** Removes it also when it may have assignments that this person cannot see. */
  readonly ignoreUnread?: true;
}

/**
 * Removes an identity that has no assignments left; with them, when that is asked for: first what it may do, then itself.
 * Nothing brings its principal id back, so what could not be read holds it up.
 */
export async function removeIdentity(
  text: string,
  { withAssignments, ignoreUnread }: RemoveOptions,
  session: Session,
): Promise<Answer> {
  const identity = await findIdentity(text, session);
  const { items, unread } = await everyAssignment(session, identity);
  const assignments = items.filter((each) => isAssignedTo(identity, each));
  const notes = unreadNotes(
    unread,
    "role assignments of this identity may be left there; they give nothing to anybody, since its principal id never comes back",
  );
  if (assignments.length > 0 && !withAssignments) return { ...refused(identity, assignments, session), notes };
  if (unread.length > 0 && !ignoreUnread) return { ...uncertain(identity, session), notes };
  // Before anything is deleted, so that a mistake costs nothing.
  const workload = await workloadOf(identity, session);
  const { deleted, failure } = await deleteEach(assignments, session);
  for (const assignment of deleted) session.say(`${assignmentText(assignment)} deleted.`);
  if (failure !== undefined) return { ...partly(identity, deleted, failure), notes };
  await remove(identity, workload, session);
  return {
    code: 0,
    text: `Identity ${keyText(identity.metadata)} removed.`,
    data: {
      removed: { ...nameOf(identity), principalId: identity.metadata.uid },
      assignments: assignments.map(assignmentData),
      unread: unreadData(unread),
    },
    notes,
  };
}

/** Of a workload, first the annotation goes, and then the identity, for which the grace period of the operator is not meant. */
async function remove(identity: ManagedIdentity, found: FoundWorkload | undefined, session: Session): Promise<void> {
  const { namespace, name, uid } = identity.metadata;
  if (found === undefined) {
    await session.api.delete(managedIdentities, { namespace, name }, { preconditions: { uid } });
    return;
  }
  await turnOff(found, session.api);
  await whenHeld(identity, session);
  await removed(session.api.delete(managedIdentities, { namespace, name }, { preconditions: { uid } }));
  const { workload } = found;
  session.say(
    `${workload.kind} ${keyText(workload.metadata)} asks for no identity any more. Take the annotation out of its manifest too, or it comes back when that is applied.`,
  );
}

/** The operator would make the identity again while it has not seen that the workload asks for none any more. */
async function whenHeld({ metadata, spec }: ManagedIdentity, session: Session): Promise<void> {
  const seen = async (): Promise<true | undefined> => {
    const now = await find(session.api, managedIdentities, metadata);
    return now === undefined || now.metadata.uid !== metadata.uid || isHeld(now) ? true : undefined;
  };
  if ((await poll(seen, session, LONGEST_WAIT_MS)) === true) return;
  throw new UsageError(
    `the workload asks for no identity any more, and the operator has not seen it yet: is it running? Identity ${keyText(metadata)} is not removed; try again.${unreadKindHint(metadata, spec)}`,
  );
}

/** The operator changes nothing about an identity of a kind that it does not read. */
function unreadKindHint(
  { namespace, name }: ManagedIdentity["metadata"],
  { workload }: ManagedIdentity["spec"],
): string {
  if (workload === undefined || workloadKinds.some((each) => each === workload.kind)) return "";
  return ` If kind ${workload.kind} is no longer in the chart value \`workloads\`, delete the identity itself: kubectl delete managedidentity ${name} -n ${namespace}`;
}

const LONGEST_WAIT_MS = 30_000;

/** The operator, or another person, may have deleted it in between. */
async function removed(deletion: Promise<void>): Promise<void> {
  try {
    await deletion;
  } catch (error) {
    if (!isStatus(error, "NotFound")) throw error;
  }
}

function partly(
  identity: ManagedIdentity,
  deleted: readonly AnyRoleAssignment[],
  { at, refusal }: NonNullable<Deletion["failure"]>,
): Answer {
  return {
    code: 1,
    text: `${identityText(identity)} is not removed, since ${assignmentText(at)} is not deleted: ${refusal}`,
    data: { refused: refusal, identity: nameOf(identity), deleted: deleted.map(assignmentData) },
  };
}

function refused(identity: ManagedIdentity, assignments: readonly AnyRoleAssignment[], { program }: Session): Answer {
  const who = identityText(identity);
  const commands = [
    ...assignments.map((each) => `${program} role-assignment delete ${assignmentReference(each)}`),
    `${program} identity remove ${who}`,
  ];
  const count = assignments.length === 1 ? "a role assignment" : `${assignments.length} role assignments`;
  return {
    code: 1,
    text: `${who} still has ${count}. Delete them first, or all at once with --with-assignments:\n\n${commands.map((each) => `  ${each}`).join("\n")}`,
    data: {
      refused: "assignments are left",
      identity: nameOf(identity),
      assignments: assignments.map(assignmentData),
      commands,
    },
  };
}

function uncertain(identity: ManagedIdentity, { program }: Session): Answer {
  const who = identityText(identity);
  return {
    code: 2,
    text: `${who} is not removed: whether role assignments of it are left cannot be said, since you may not read all. Ask somebody who may; or remove it, and leave those that there may be:\n\n  ${program} identity remove ${who} --ignore-unread`,
    data: { refused: "not all assignments can be read", identity: nameOf(identity) },
  };
}

const nameOf = ({ metadata: { namespace, name } }: ManagedIdentity): object => ({ namespace, name });
