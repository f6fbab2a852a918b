import { type AnyRoleAssignment, scopeOf } from "../../identity/role-assignment.ts";
import { inheritedFrom, placeText } from "../access/inheritance.ts";
import type { Answer } from "../cluster/answer.ts";
import { unreadData, unreadNotes } from "../cluster/readable.ts";
import type { Session } from "../cluster/session.ts";
import { fitTable } from "../format-table.ts";
import { principalData, principalText } from "../identity/identity-text.ts";
import { assignmentState, readyCondition, stateCell } from "./assignment-state.ts";
import { assignmentData, assignmentReference } from "./assignment-text.ts";
import { conditionCell } from "./condition-cell.ts";
import type { Listing } from "./list.ts";

export function listAnswer(
  listing: Listing,
  { clock, program, columns }: Pick<Session, "clock" | "program" | "columns">,
): Answer {
  const { at, found, identities, notes } = listing;
  const now = clock.now();
  const assignments = found.items.toSorted(byPlace);
  const stateOf = (assignment: AnyRoleAssignment) => assignmentState(assignment, now, identities);
  const incomplete = [
    ...unreadNotes(found.unread, "the assignments there are missing"),
    ...unreadNotes(identities.unread, "a principal there may be disabled or gone without its being said here"),
  ];
  const headings = ["PRINCIPAL", "ROLE", at === undefined ? "ON" : "FROM", "STATE", "UNTIL", "ASSIGNMENT", "CONDITION"];
  const rows = assignments.map((each) => [
    ...[principalText(each), each.spec.roleDefinition, whereCell(each, at), stateCell(stateOf(each), each)],
    ...[each.spec.expiresAt ?? "always", assignmentReference(each), conditionCell(each.spec.condition)],
  ]);
  return {
    code: incomplete.length === 0 ? 0 : 2,
    text: rows.length > 0 ? fitTable(headings, rows, columns) : nothing(listing, program),
    data: {
      scope: at,
      assignments: assignments.map((each) => ({ ...rowData(each), state: stateOf(each) })),
      unread: unreadData([...found.unread, ...identities.unread]),
    },
    incomplete,
    notes,
  };
}

function whereCell(assignment: AnyRoleAssignment, at: Listing["at"]): string {
  const scope = scopeOf(assignment);
  if (scope === undefined) return "nowhere";
  return at === undefined ? placeText(scope) : inheritedFrom(scope, at);
}

function rowData(assignment: AnyRoleAssignment): object {
  const { roleDefinition: role, notBefore, expiresAt, condition } = assignment.spec;
  const ready = readyCondition(assignment);
  return {
    assignment: assignmentData(assignment),
    principal: principalData(assignment),
    role,
    scope: scopeOf(assignment),
    ...{ notBefore, expiresAt, condition },
    ready: ready && { status: ready.status, reason: ready.reason, message: ready.message },
  };
}

function nothing({ at, found }: Listing, program: string): string {
  if (found.unread.length > 0) return "";
  const where = at === undefined ? "" : ` on ${placeText(at)}`;
  const target = at === undefined ? "RESOURCE" : at;
  return `No role assignments${where}. Give a role: ${program} role-assignment create --assignee NAMESPACE/NAME --role ROLE --resource ${target}`;
}

/** The narrowest place first, then by principal. */
function byPlace(one: AnyRoleAssignment, other: AnyRoleAssignment): number {
  const [a, b] = [scopeOf(one) ?? "", scopeOf(other) ?? ""];
  return b.length - a.length || a.localeCompare(b) || principalText(one).localeCompare(principalText(other));
}
