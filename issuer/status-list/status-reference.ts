import type { Pod } from "../../kube/core-objects.ts";
import type { ClusterState } from "../cluster-state.ts";
import type { IssuerSettings } from "../settings.ts";
import type { SigningKeys } from "../signing-keys.ts";
import { revokedIndexes } from "./build-status-list.ts";
import { tokenIndex, turnOf } from "./status-index.ts";
import { StatusListAddresses } from "./status-list-address.ts";
import { cohortOf, roleDigest, type StatusListKey } from "./status-list-key.ts";
import { statusListUri } from "./status-lists.ts";

/** Where a verifier finds whether a token is still good: the `status_list` of draft-ietf-oauth-status-list §6.1. */
export interface StatusReference {
  readonly idx: number;
  readonly uri: string;
}

/** A token that is about to be signed. */
export interface NewToken extends Pick<StatusListKey, "principalId" | "audience" | "known"> {
  readonly roles: readonly string[];
  readonly pod: Pod;
  /** Seconds since the epoch. */
  readonly issuedAt: number;
  readonly lifetimeSeconds: number;
}

export interface StatusReferences {
  readonly issuer: string;
  readonly cluster: Pick<ClusterState, "identity" | "revocations">;
  readonly settings: Pick<IssuerSettings, "statusListTtlSeconds">;
  readonly signingKeys: SigningKeys;
}

/** Gives undefined where no lists are published. */
export function statusReferences(from: StatusReferences): (token: NewToken) => StatusReference | undefined {
  if (from.settings.statusListTtlSeconds === 0) return () => undefined;
  const addresses = new StatusListAddresses(from.signingKeys);
  return (token) => {
    const { pod, principalId, audience, known } = token;
    const idx = tokenIndex(pod.metadata.uid, turnOf(token), revokedIndexes(token, from));
    const { namespace } = pod.metadata;
    const serviceAccount = pod.spec.serviceAccountName;
    const roles = token.roles.map(roleDigest);
    const key = { principalId, namespace, serviceAccount, cohort: cohortOf(pod), roles, known, audience };
    return { idx, uri: statusListUri(from.issuer, addresses.pathOf(key)) };
  };
}
