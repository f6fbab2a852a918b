import type { Pod } from "../../kube/core-objects.ts";
import type { ClusterState } from "../cluster-state.ts";
import type { IssuerSettings } from "../settings.ts";
import { revokedIndexes } from "./build-status-list.ts";
import { tokenIndex, turnOf } from "./status-index.ts";
import { cohortOf, type StatusListKey } from "./status-list-key.ts";
import { statusListUri } from "./status-lists.ts";

/** Where a verifier finds whether a token is still good: the `status_list` of draft-ietf-oauth-status-list §6.1. */
export interface StatusReference {
  readonly idx: number;
  readonly uri: string;
}

/** A token that is about to be signed. */
export interface NewToken extends Pick<StatusListKey, "principalId" | "audience" | "roles" | "known"> {
  readonly pod: Pod;
  /** Seconds since the epoch. */
  readonly issuedAt: number;
  readonly lifetimeSeconds: number;
}

export interface StatusReferences {
  readonly issuer: string;
  readonly cluster: Pick<ClusterState, "identity" | "revocations">;
  readonly settings: Pick<IssuerSettings, "statusListTtlSeconds">;
}

/** Undefined where no lists are published. */
export function statusReference(token: NewToken, from: StatusReferences): StatusReference | undefined {
  if (from.settings.statusListTtlSeconds === 0) return undefined;
  const { pod, principalId, audience, roles, known } = token;
  const idx = tokenIndex(pod.metadata.uid, turnOf(token), revokedIndexes(token, from));
  const { namespace } = pod.metadata;
  const serviceAccount = pod.spec.serviceAccountName;
  const key = { principalId, namespace, serviceAccount, cohort: cohortOf(pod), roles, known, audience };
  return { idx, uri: statusListUri(from.issuer, key) };
}
