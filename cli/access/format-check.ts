import { stringify } from "yaml";
import type { Grant } from "../../identity/access.ts";
import { SHORTEST_TOKEN_SECONDS } from "../../identity/authorize-audience.ts";
import { resourceIdOf } from "../../identity/ids.ts";
import { missSentence } from "../../identity/nearest-miss.ts";
import { refusals } from "../../identity/reasons.ts";
import type { Manifest } from "../../kube/api.ts";
import { keyText } from "../../kube/kind.ts";
import type { Answer } from "../cluster/answer.ts";
import { unreadData, unreadNotes } from "../cluster/readable.ts";
import type { ApiRequest } from "../cluster/request-error.ts";
import { formatFields } from "../format-table.ts";
import { assignmentData, assignmentText } from "../role-assignment/assignment-text.ts";
import type { Check } from "./check.ts";
import { rolesAllowing } from "./narrowest-role.ts";
import { factHints, obstacleData, obstacleOf, obstacleText } from "./obstacle.ts";
import { actionHint } from "./parse-action.ts";
import { remedyFor, roleToPropose } from "./remedy.ts";

/**
 * What a check found. When it is "no", a person gets a manifest that would make it "yes", below comments that say why;
 * none where an assignment would allow it and is limited on purpose.
 */
export function checkAnswer(check: Check): Answer {
  const { outcome, target } = check;
  if (outcome.kind === "allowed") return allowed(check, outcome.grant);
  const { unread } = check.objects;
  const reason = reasonOf(check);
  const obstacle = obstacleOf(outcome.kind === "denied" ? outcome.nearestMiss : undefined, check.facts);
  const remedy = outcome.kind === "refused" || obstacle !== undefined ? [] : remedyOf(check);
  const why = [reason.sentence, ...(obstacle === undefined ? [] : [obstacleText(obstacle)])].join("\n");
  const isCertain = missingFor(check).length === 0;
  return {
    code: isCertain ? 1 : 2,
    text: denialText(check, isCertain, why, remedy),
    data: {
      decision: isCertain ? "denied" : "unknown",
      ...askedData(check),
      reason: { code: reason.code, sentence: reason.sentence },
      ...(obstacle === undefined ? {} : { obstacle: obstacleData(obstacle) }),
      remedy,
      unread: unreadData([...target.unread, ...unread]),
    },
    notes: [...target.notes, ...(obstacle === undefined ? [] : factHints(obstacle))],
    incomplete: [...target.incomplete, ...unreadNotes(unread, "a role that is given there would not be seen")],
  };
}

/** What could turn the answer round, and could not be read. An assignment that is not seen takes no right away. */
function missingFor({ outcome, target, objects }: Check): readonly ApiRequest[] {
  switch (outcome.kind) {
    case "allowed":
      return target.unread;
    case "denied":
      return [...target.unread, ...objects.unread];
    case "refused":
      return outcome.refusal === target.refusal ? target.unread : [];
  }
}

function allowed(check: Check, { role, scope, assignment }: Grant): Answer {
  const { expiresAt, condition } = assignment.spec;
  const isCertain = missingFor(check).length === 0;
  const fields: [string, string][] = [
    ["Assignment", assignmentText(assignment)],
    ["Role", role.metadata.name],
    ["Scope", scope],
    ...(expiresAt === undefined ? [] : [["Until", expiresAt] satisfies [string, string]]),
    ...(condition === undefined ? [] : [["Condition", `${condition} (met)`] satisfies [string, string]]),
  ];
  return {
    code: isCertain ? 0 : 2,
    text: `${isCertain ? "Allowed" : "Allowed by what you may see"}: ${question(check, "may")}.\n\n${formatFields(fields)}`,
    data: {
      decision: isCertain ? "allowed" : "unknown",
      ...askedData(check),
      grant: { assignment: assignmentData(assignment), role: role.metadata.name, scope, expiresAt, condition },
      unread: unreadData([...check.target.unread, ...check.objects.unread]),
    },
    incomplete: check.target.incomplete,
    notes: [...check.target.notes, ...unknownActionNote(check), ...endingNote(check, expiresAt)],
  };
}

/** A role with a wildcard allows a mistyped action, too. */
function unknownActionNote({ action, objects }: Check): string[] {
  const hint = actionHint(action, objects.roles);
  return hint === "" ? [] : [`It is allowed by a wildcard.${hint}`];
}

/** A verifier that asks is told yes to the end; a token must live for some time. */
function endingNote({ facts }: Check, expiresAt: string | undefined): string[] {
  const left = expiresAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(expiresAt) - facts.now;
  if (left >= SHORTEST_TOKEN_SECONDS * 1000) return [];
  return [`No new token has this role: the assignment ends in less than ${SHORTEST_TOKEN_SECONDS} s.`];
}

function reasonOf({ outcome, identity, action, target, objects }: Check): { code: string; sentence: string } {
  if (outcome.kind === "refused") return outcome.refusal;
  const { code, sentence } = refusals.ActionNotGranted(resourceIdOf(identity.metadata), action, target.scope);
  const miss = outcome.kind === "denied" ? outcome.nearestMiss : undefined;
  const why = miss === undefined ? sentence : missSentence(miss);
  return { code, sentence: why + actionHint(action, objects.roles) };
}

/** Nothing is proposed for a place that does not exist: its name may be a typo. */
function remedyOf({ identity, action, target: { scope, missing }, objects }: Check): readonly Manifest[] {
  if (missing !== undefined) return [];
  const taken = new Set(objects.assignments.map(({ metadata }) => metadata.name));
  return remedyFor({ identity, action, scope, roles: objects.roles, taken });
}

/** All but the manifest is a comment, so that the whole of it can be given to `kubectl apply -f -`. */
function denialText(check: Check, isCertain: boolean, why: string, remedy: readonly Manifest[]): string {
  const verdict = isCertain ? "Not allowed" : "Not allowed by what you may see";
  const explanation = `${verdict}: ${question(check, "may not")}.\n${why}`;
  if (remedy.length === 0) return explanation;
  const comment = `${explanation}\n\n${proposal(check)}`.replace(/^/gm, "# ").replace(/^# $/gm, "#");
  return [comment, remedy.map((manifest) => stringify(manifest).trimEnd()).join("\n---\n")].join("\n");
}

function proposal({ action, objects }: Check): string {
  const proposed = roleToPropose(action, objects.roles);
  const others = rolesAllowing(action, objects.roles).filter((role) => role !== proposed);
  const wider = others.length === 0 ? "" : ` (wider ones: ${others.map(({ metadata }) => metadata.name).join(", ")})`;
  const what =
    proposed === undefined
      ? `a new role that has this action alone${wider}`
      : `the narrowest role that names the action${wider}`;
  const besides = (proposed?.spec.actions ?? []).filter((each) => each !== action);
  const more = besides.length === 0 ? "" : `\nThe role also gives ${besides.join(", ")}.`;
  return `This would allow it, with ${what}: check it, and pipe it to kubectl apply -f -${more}`;
}

const question = ({ identity, action, target }: Check, may: "may" | "may not"): string =>
  `${keyText(identity.metadata)} ${may} do ${action} at ${target.scope}`;

function askedData({ identity, action, target, facts }: Check): object {
  const { namespace, name, uid } = identity.metadata;
  return {
    identity: { namespace, name, principalId: uid },
    action,
    scope: target.scope,
    ...(facts.audience === undefined ? {} : { audience: facts.audience }),
    ...(facts.pod === undefined ? {} : { pod: keyText(facts.pod) }),
  };
}
