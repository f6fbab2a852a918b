import { keyText } from "../../kube/kind.ts";
import type { Answer } from "../cluster/answer.ts";
import { unreadData, unreadNotes } from "../cluster/readable.ts";
import type { Session } from "../cluster/session.ts";
import { formatFields } from "../format-table.ts";
import { listAnswer } from "../role-assignment/format-list.ts";
import { listAssignments } from "../role-assignment/list.ts";
import { findIdentity } from "./find-identity.ts";
import { identityData, idFields, usersText } from "./identity-data.ts";
import { podsUsing } from "./pods-using.ts";

/** All that there is to know of an identity. */
export async function showIdentity(text: string, session: Session): Promise<Answer> {
  const identity = await findIdentity(text, session);
  const [using, listing] = await Promise.all([
    podsUsing(identity, session),
    listAssignments({ assignee: identity.metadata.uid }, session),
  ]);
  const assignments = listAnswer(listing, session);
  const incomplete = [...unreadNotes(using.unread, "the pods there are missing"), ...(assignments.incomplete ?? [])];
  const { metadata, spec, status } = identity;
  const conditions = (status?.conditions ?? []).map(({ type, status, reason, message }): [string, string] => [
    type,
    `${status} (${reason}): ${message}`,
  ]);
  const fields: [string, string][] = [
    ["Identity", keyText(metadata)],
    ["Type", spec.type],
    ...idFields(identity),
    ["Tenant id", status?.tenantId ?? "not written by the operator yet"],
    ["Disabled", spec.disabled ? "yes: no token is issued" : "no"],
    ["Used by", usersText(identity)],
    ["Pods now", using.items.map((pod) => keyText(pod.metadata)).join(", ") || "none"],
    ...conditions,
  ];
  return {
    code: incomplete.length === 0 ? 0 : 2,
    text: `${formatFields(fields)}\n\n${assignments.text}`,
    data: {
      ...identityData(identity),
      pods: using.items.map(({ metadata: { namespace, name } }) => ({ namespace, name })),
      ...assignmentsData(assignments),
      unread: unreadData([...using.unread, ...listing.found.unread]),
    },
    incomplete,
    notes: assignments.notes ?? [],
  };
}

const assignmentsData = ({ data }: Answer): object => (typeof data === "object" ? { ...data } : {});
