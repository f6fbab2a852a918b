import { isKnown } from "../../identity/known-revocations.ts";
import type { TokenRevocation } from "../../identity/token-revocation.ts";
import { keyText } from "../../kube/kind.ts";
import type { Indexes } from "../../kube/store.ts";
import type { UsableObjects } from "../usable-objects.ts";

interface Named {
  readonly namespace: string;
  readonly name: string;
}

/** Whose tokens: those of an identity in a pod. */
export interface Holder {
  readonly identity: Named;
  readonly pod: Named & { readonly uid: string };
}

/** The revocations that are in force. Each concerns its own namespace alone, so that nobody revokes what is another's. */
export interface Revocations {
  /** Those of the identity and those of the pod. */
  concerning(holder: Holder): TokenRevocation[];
  isTokenRevoked(identity: Pick<Named, "namespace">, jti: string): boolean;
  /** The `jti` of each token of the namespace's identities that is revoked by itself. */
  tokenIds(namespace: string): string[];
}

const byTarget = ({ metadata: { namespace }, spec }: TokenRevocation): string[] => {
  if (spec.managedIdentity !== undefined) return [`identity ${keyText({ namespace, name: spec.managedIdentity })}`];
  if (spec.pod !== undefined) return [`pod ${keyText({ namespace, name: spec.pod.name })}`];
  return [`token ${namespace} ${spec.tokenId}`];
};

export const revocationIndexes = {
  target: byTarget,
  tokensOf: ({ metadata, spec }) => (spec.tokenId === undefined ? [] : [metadata.namespace]),
} as const satisfies Indexes<TokenRevocation>;

/** Reads a store that has `revocationIndexes`. */
export function revocationsIn(store: UsableObjects<TokenRevocation>): Revocations {
  return {
    concerning: ({ identity, pod }) => [
      ...store.by("target", `identity ${keyText(identity)}`),
      ...store.by("target", `pod ${keyText(pod)}`).filter(({ spec }) => (spec.pod?.uid ?? pod.uid) === pod.uid),
    ],
    isTokenRevoked: ({ namespace }, jti) => store.by("target", `token ${namespace} ${jti}`).length > 0,
    tokenIds: (namespace) => store.by("tokensOf", namespace).flatMap(({ spec }) => spec.tokenId ?? []),
  };
}

/** Whether what a holder was given in the knowledge of these revocations was revoked since. */
export function isRevokedSince(known: string | undefined, holder: Holder, revocations: Revocations): boolean {
  return revocations.concerning(holder).some((revocation) => !isKnown(revocation, known));
}
