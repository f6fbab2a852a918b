import type { ManagedIdentity } from "../../identity/managed-identity.ts";
import { managedIdentities } from "../../kube/kinds.ts";
import { listWidely } from "../cluster/readable.ts";
import type { ApiRequest } from "../cluster/request-error.ts";
import type { Session } from "../cluster/session.ts";

/** The identities that a person may see, by principal id. */
export interface KnownIdentities {
  readonly byPrincipal: ReadonlyMap<string, ManagedIdentity>;
  /** Empty when all were seen: only then is a principal that is not among them gone. */
  readonly unread: readonly ApiRequest[];
}

export async function readIdentities({ api, namespace }: Pick<Session, "api" | "namespace">): Promise<KnownIdentities> {
  const { items, unread } = await listWidely(api, managedIdentities, namespace);
  const living = items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  return { byPrincipal: new Map(living.map((identity) => [identity.metadata.uid, identity])), unread };
}

export type PrincipalState = "lives" | "disabled" | "gone" | "unseen";

export function principalState(principal: string, { byPrincipal, unread }: KnownIdentities): PrincipalState {
  const identity = byPrincipal.get(principal);
  if (identity === undefined) return unread.length === 0 ? "gone" : "unseen";
  return identity.spec.disabled ? "disabled" : "lives";
}
