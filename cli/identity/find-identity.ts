import { type ManagedIdentity, workloadKinds } from "../../identity/managed-identity.ts";
import { annotations } from "../../identity/names.ts";
import { didYouMean } from "../../identity/nearest-name.ts";
import { keyText } from "../../kube/kind.ts";
import { managedIdentities } from "../../kube/kinds.ts";
import { find, listWidely, unreadNotes } from "../cluster/readable.ts";
import type { Session } from "../cluster/session.ts";
import { UsageError } from "../usage-error.ts";
import { type IdentityReference, parseIdentityReference } from "./identity-reference.ts";

type Asking = Pick<Session, "api" | "namespace" | "program">;

/** The identity that was named. Throws a UsageError that says which one was most likely meant. One that is being deleted is already gone. */
export async function findIdentity(text: string, session: Asking): Promise<ManagedIdentity> {
  const reference = parseIdentityReference(text, session.namespace);
  switch (reference.by) {
    case "name":
      return withName(reference, session);
    case "id":
      return withId(reference.id, session);
    case "workload":
      return ofWorkload(reference, session);
  }
}

const lives = ({ metadata }: ManagedIdentity): boolean => metadata.deletionTimestamp === undefined;

async function withName(
  { namespace, name }: { readonly namespace: string; readonly name: string },
  session: Asking,
): Promise<ManagedIdentity> {
  const found = await find(session.api, managedIdentities, { namespace, name });
  if (found !== undefined && lives(found)) return found;
  const { items } = await listWidely(session.api, managedIdentities, namespace);
  const known = items.filter(lives).map(({ metadata }) => keyText(metadata));
  throw new UsageError(
    `there is no ManagedIdentity ${namespace}/${name}.${didYouMean(`${namespace}/${name}`, known)} ${listHint(session)}`,
  );
}

async function withId(id: string, session: Asking): Promise<ManagedIdentity> {
  const { items, unread } = await listWidely(session.api, managedIdentities, session.namespace);
  const found = items
    .filter(lives)
    .find(({ metadata, status }) => metadata.uid.toLowerCase() === id || status?.clientId?.toLowerCase() === id);
  if (found !== undefined) return found;
  const notes = unreadNotes(unread, "it may be the id of an identity that you cannot see");
  throw new UsageError(
    [...notes, `no managed identity has the principal id or client id ${id}. ${listHint(session)}`].join("\n"),
  );
}

async function ofWorkload(
  { namespace, kind, name }: Extract<IdentityReference, { by: "workload" }>,
  session: Asking,
): Promise<ManagedIdentity> {
  const { items } = await session.api.list(managedIdentities, { namespace });
  const own = items.filter(
    (each) => lives(each) && each.spec.workload?.kind === kind && each.spec.workload.name === name,
  );
  // That of an earlier workload of this name may still wait for garbage collection.
  const [latest] = own.toSorted((a, b) => b.metadata.creationTimestamp.localeCompare(a.metadata.creationTimestamp));
  if (latest !== undefined) return latest;
  const remedy = workloadKinds.some((each) => each === kind)
    ? `${session.program} identity assign ${kind.toLowerCase()}/${name} -n ${namespace}`
    : `annotate it with ${annotations.systemAssigned}: "true".${didYouMean(kind, workloadKinds)}`;
  throw new UsageError(`${kind} ${namespace}/${name} has no system-assigned identity. Give it one: ${remedy}`);
}

const listHint = ({ program }: Asking): string => `See them all: ${program} identity list -A`;
