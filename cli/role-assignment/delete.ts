import { type AnyRoleAssignment, scopeOf } from "../../identity/role-assignment.ts";
import { parseScope, scopeContains } from "../../identity/scope.ts";
import { clusterRoleAssignments, roleAssignments } from "../../kube/kinds.ts";
import { findTarget } from "../access/find-target.ts";
import { placeText } from "../access/inheritance.ts";
import { assignmentsAt } from "../access/read-access.ts";
import type { Answer } from "../cluster/answer.ts";
import { explainClusterError } from "../cluster/explain-error.ts";
import { find, unreadNotes } from "../cluster/readable.ts";
import type { Session } from "../cluster/session.ts";
import { findIdentity } from "../identity/find-identity.ts";
import { principalText } from "../identity/identity-text.ts";
import { parseNamespacedName } from "../namespaced-name.ts";
import { UsageError } from "../usage-error.ts";
import { assignmentData, assignmentReference, assignmentText } from "./assignment-text.ts";
import { isAssignedTo } from "./is-assigned-to.ts";

export interface DeleteOptions {
  readonly assignee?: string;
  readonly role?: string;
  readonly resource?: string;
  readonly scope?: string;
}

/** Takes a role away, by the assignment's name or by who has which role on what. */
export async function deleteAssignments(
  name: string | undefined,
  options: DeleteOptions,
  session: Session,
): Promise<Answer> {
  const chosen = name === undefined ? await matching(options, session) : [await named(name, session)];
  const { deleted, failure } = await deleteEach(chosen, session);
  const left = (await Promise.all(deleted.map((each) => stillGiven(each, session)))).flat();
  const text = deleted.map((each) => `${assignmentText(each)} deleted.`).join("\n");
  const data = { deleted: deleted.map(assignmentData) };
  const notes = [...new Set(left)];
  if (failure === undefined) return { code: 0, text, data, notes };
  const { at, refusal } = failure;
  return {
    code: 1,
    text,
    data: { ...data, refused: refusal, notDeleted: chosen.slice(chosen.indexOf(at)).map(assignmentData) },
    notes: [...notes, `${assignmentText(at)} is not deleted: ${refusal}`],
  };
}

export interface Deletion {
  readonly deleted: readonly AnyRoleAssignment[];
  /** The first that the cluster did not delete, after others were deleted. */
  readonly failure?: { readonly at: AnyRoleAssignment; readonly refusal: string };
}

/** Deletes one after the other up to the first refusal. Rejects if nothing was deleted. */
export async function deleteEach(
  assignments: readonly AnyRoleAssignment[],
  session: Pick<Session, "api">,
): Promise<Deletion> {
  const deleted: AnyRoleAssignment[] = [];
  for (const at of assignments) {
    try {
      await deleteAssignment(at, session);
    } catch (error) {
      const refusal = deleted.length === 0 ? undefined : explainClusterError(error);
      if (refusal === undefined) throw error;
      return { deleted, failure: { at, refusal } };
    }
    deleted.push(at);
  }
  return { deleted };
}

/** Another of the same name, made in between, is not the one that was looked at. */
export async function deleteAssignment(assignment: AnyRoleAssignment, { api }: Pick<Session, "api">): Promise<void> {
  const kind = assignment.kind === "RoleAssignment" ? roleAssignments : clusterRoleAssignments;
  await api.delete(kind, assignment.metadata, { preconditions: { uid: assignment.metadata.uid } });
}

const CLUSTER_PREFIX = /^clusterroleassignment\//i;

/** `NAME`, `NAMESPACE/NAME`, or `ClusterRoleAssignment/NAME`. */
async function named(text: string, { api, namespace, program }: Session): Promise<AnyRoleAssignment> {
  const found = CLUSTER_PREFIX.test(text)
    ? await find(api, clusterRoleAssignments, { name: text.replace(CLUSTER_PREFIX, "") })
    : await find(api, roleAssignments, parseNamespacedName(text, namespace));
  if (found !== undefined) return found;
  throw new UsageError(`there is no role assignment ${text}. See them: ${program} role-assignment list -A`);
}

/** Finds what is wrong in the options themselves. */
export function checkDeleteOptions(name: string | undefined, options: DeleteOptions): void {
  if (name === undefined) grantNamed(options);
}

/** Who has which role on what, as the options say it. */
function grantNamed({ assignee, role, resource, scope }: DeleteOptions) {
  const [place, another] = [resource, scope].filter((given) => given !== undefined);
  if (assignee === undefined || role === undefined || place === undefined || another !== undefined) {
    throw new UsageError("name an assignment, or give --assignee, --role and one of --resource and --scope.");
  }
  if (scope !== undefined && parseScope(scope) === undefined) throw new UsageError(`--scope ${scope} is no scope.`);
  return { assignee, role, place };
}

async function matching(options: DeleteOptions, session: Session): Promise<readonly AnyRoleAssignment[]> {
  const { assignee, role, place } = grantNamed(options);
  const [identity, target] = await Promise.all([findIdentity(assignee, session), findTarget(place, session)]);
  const { items, unread } = await assignmentsAt(session.api, target.scope);
  const found = items.filter(
    (each) => scopeOf(each) === target.scope && each.spec.roleDefinition === role && isAssignedTo(identity, each),
  );
  if (found.length > 0) return found;
  const inherited = items.filter((each) => each.spec.roleDefinition === role && isAssignedTo(identity, each));
  const from = inherited.map((each) => ` ${assignmentReference(each)} gives it there: delete that by its name.`);
  throw new UsageError(
    [
      ...target.incomplete,
      ...unreadNotes(unread, "it may be given there"),
      `${assignee} is not given ${role} on ${placeText(target.scope)} itself.${from.join("")}`,
      ...target.notes,
    ].join("\n"),
  );
}

/** What takes the sense out of a deletion: the same role by another way. */
async function stillGiven(deleted: AnyRoleAssignment, { api }: Session): Promise<string[]> {
  const scope = scopeOf(deleted);
  if (scope === undefined) return [];
  const { items, unread } = await assignmentsAt(api, scope);
  const others = items
    .filter((each) => isSameGrant(each, deleted) && scopeContains(scopeOf(each) ?? scope, scope))
    .map(
      (each) =>
        `Still given: ${principalText(each)} has ${each.spec.roleDefinition} there through ${assignmentText(each)}.`,
    );
  return [...others, ...unreadNotes(unread, "it may still be given there")];
}

function isSameGrant(one: AnyRoleAssignment, other: AnyRoleAssignment): boolean {
  return (
    one.metadata.uid !== other.metadata.uid &&
    one.metadata.deletionTimestamp === undefined &&
    one.spec.roleDefinition === other.spec.roleDefinition &&
    principalText(one) === principalText(other)
  );
}
