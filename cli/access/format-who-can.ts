import type { Grant } from "../../identity/access.ts";
import type { Answer } from "../cluster/answer.ts";
import { unreadData, unreadNotes } from "../cluster/readable.ts";
import type { Session } from "../cluster/session.ts";
import { fitTable } from "../format-table.ts";
import { principalData, principalText } from "../identity/identity-text.ts";
import { principalState } from "../identity/known-identities.ts";
import { assignmentData, assignmentReference } from "../role-assignment/assignment-text.ts";
import { conditionCell } from "../role-assignment/condition-cell.ts";
import { inheritedFrom } from "./inheritance.ts";
import { actionHint } from "./parse-action.ts";
import type { WhoCan } from "./who-can.ts";

const headings = ["PRINCIPAL", "ROLE", "FROM", "ASSIGNMENT", "UNTIL", "CONDITION"];

export function whoCanAnswer(found: WhoCan, { columns }: Pick<Session, "columns">): Answer {
  const { action, target, objects, identities, grants } = found;
  const stateOf = ({ assignment }: Grant) => principalState(assignment.status?.principalId ?? "", identities);
  const able = grants.filter((grant) => ["lives", "unseen"].includes(stateOf(grant))).sort(byPrincipal);
  const unable = grants.filter((grant) => !able.includes(grant));
  const incomplete = [
    ...unreadNotes(objects.unread, "whoever is given a role there is missing"),
    ...unreadNotes(identities.unread, "somebody in this list may be disabled or gone"),
    ...target.incomplete,
  ];
  return {
    code: incomplete.length === 0 ? 0 : 2,
    text:
      able.length === 0
        ? nobody(found)
        : fitTable(
            headings,
            able.map((grant) => rowOf(grant, found)),
            columns,
          ),
    data: {
      action,
      scope: target.scope,
      principals: able.map((grant) => grantData(grant)),
      unread: unreadData([...target.unread, ...objects.unread, ...identities.unread]),
    },
    notes: [
      ...target.notes,
      ...(able.length === 0 ? [] : unknownActionNote(found)),
      ...unable.map((grant) => leftOut(grant, stateOf(grant))),
    ],
    incomplete,
  };
}

function rowOf({ role, scope, assignment }: Grant, { target }: WhoCan): string[] {
  const { expiresAt, condition } = assignment.spec;
  return [
    principalText(assignment),
    role.metadata.name,
    inheritedFrom(scope, target.scope),
    assignmentReference(assignment),
    expiresAt ?? "always",
    conditionCell(condition),
  ];
}

function grantData({ role, scope, assignment }: Grant): object {
  const { notBefore, expiresAt, condition } = assignment.spec;
  return {
    principal: principalData(assignment),
    role: role.metadata.name,
    scope,
    assignment: assignmentData(assignment),
    ...{ notBefore, expiresAt, condition },
  };
}

function nobody({ action, target, objects }: WhoCan): string {
  if (target.refusal !== undefined) return `Nobody: ${target.refusal.sentence}`;
  const nobody = objects.unread.length === 0 ? "Nobody" : "Nobody that you may see";
  return `${nobody} may do ${action} at ${target.scope}.${actionHint(action, objects.roles)}`;
}

/** A role with a wildcard allows a mistyped action, too. */
function unknownActionNote({ action, objects }: WhoCan): string[] {
  const hint = actionHint(action, objects.roles);
  return hint === "" ? [] : [`They have it by a wildcard.${hint}`];
}

const leftOut = ({ assignment }: Grant, state: string): string =>
  `Left out: ${principalText(assignment)}, which ${assignmentReference(assignment)} names, is ${state}.`;

const byPrincipal = (one: Grant, other: Grant): number =>
  principalText(one.assignment).localeCompare(principalText(other.assignment));
