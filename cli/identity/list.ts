import type { ManagedIdentity } from "../../identity/managed-identity.ts";
import { keyText } from "../../kube/kind.ts";
import { managedIdentities } from "../../kube/kinds.ts";
import type { Answer } from "../cluster/answer.ts";
import { listReadable, listWidely, unreadData, unreadNotes } from "../cluster/readable.ts";
import type { Session } from "../cluster/session.ts";
import { fitTable } from "../format-table.ts";
import { identityData, readyOf, usersText } from "./identity-data.ts";

export interface ListOptions {
  readonly allNamespaces?: true;
}

const headings = ["IDENTITY", "TYPE", "PRINCIPAL ID", "CLIENT ID", "USED BY", "READY"];

export async function listIdentities({ allNamespaces }: ListOptions, session: Session): Promise<Answer> {
  const { api, namespace, program, columns } = session;
  const { items, unread } = allNamespaces
    ? await listWidely(api, managedIdentities, namespace)
    : await listReadable(api, managedIdentities, { namespace });
  const identities = items.toSorted((a, b) => keyText(a.metadata).localeCompare(keyText(b.metadata)));
  const where = allNamespaces ? "" : ` in namespace ${namespace}`;
  // "No identities" would be a guess where some cannot be seen.
  const nothing =
    unread.length > 0
      ? ""
      : `No identities${where}. Give a workload one: ${program} identity assign deployment/NAME -n NAMESPACE`;
  return {
    code: unread.length === 0 ? 0 : 2,
    text: identities.length > 0 ? fitTable(headings, identities.map(rowOf), columns) : nothing,
    data: { identities: identities.map(identityData), unread: unreadData(unread) },
    incomplete: unreadNotes(unread, "the identities there are missing"),
  };
}

function rowOf(identity: ManagedIdentity): string[] {
  const { metadata, spec, status } = identity;
  const ready = readyOf(identity);
  return [
    ...[keyText(metadata), spec.type, metadata.uid, status?.clientId ?? "", usersText(identity)],
    ready?.status === "True" ? "True" : (ready?.reason ?? "Unknown"),
  ];
}
