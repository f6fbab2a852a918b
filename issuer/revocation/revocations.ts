import { isKnown, type RevocationTime } from "../../identity/known-revocations.ts";
import type { TokenRevocation } from "../../identity/token-revocation.ts";
import { keyText } from "../../kube/kind.ts";
import type { Indexes, Store } from "../../kube/store.ts";
import { isUsable, type Stored } from "../../kube/stored.ts";
import { issuerLimits } from "../limits.ts";
import { usableIndexes, usableObjects } from "../usable-objects.ts";
import { NamespaceTotals } from "./namespace-totals.ts";

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
  /**
   * Those of the identity, those of the pod, and those of their namespaces that do not say whose they are. A namespace
   * with too many has one instead, which concerns every token: what nobody can look at is revoked, and costs nothing.
   */
  concerning(holder: Holder): RevocationTime[];
  isTokenRevoked(identity: Pick<Named, "namespace">, jti: string): boolean;
  /** The `jti` of each token of the namespace's identities that is revoked by itself; none where all are revoked at once. */
  tokenIds(namespace: string): string[];
}

const byTarget = ({ metadata: { namespace }, spec }: TokenRevocation): string[] => {
  if (spec.managedIdentity !== undefined) return [`identity ${keyText({ namespace, name: spec.managedIdentity })}`];
  if (spec.pod !== undefined) return [`pod ${keyText({ namespace, name: spec.pod.name })}`];
  return [`token ${namespace} ${spec.tokenId}`];
};

const indexesOfUsable = {
  target: byTarget,
  tokensOf: ({ metadata, spec }) => (spec.tokenId === undefined ? [] : [metadata.namespace]),
} as const satisfies Indexes<TokenRevocation>;

/** Somebody wanted tokens revoked, be it in the words of another version: those of the whole namespace are. */
const ofUnreadable = (revocation: Stored<TokenRevocation>): string[] =>
  isUsable(revocation) ? [] : [revocation.metadata.namespace ?? ""];

export const revocationIndexes: Indexes<Stored<TokenRevocation>> = {
  ...usableIndexes<TokenRevocation>(indexesOfUsable),
  unreadable: ofUnreadable,
};

/** Reads a store that has `revocationIndexes`. */
export function revocationsIn(all: Pick<Store<Stored<TokenRevocation>>, "get" | "by" | "subscribe">): Revocations {
  const store = usableObjects(all);
  const totals = new NamespaceTotals(all);
  const ofTooMany = (namespace: string) => totals.ofTooMany(namespace, issuerLimits.revocationsPerNamespace);

  const ofIdentity = (identity: Named): readonly RevocationTime[] =>
    store.by("target", `identity ${keyText(identity)}`);
  const ofPod = (pod: Holder["pod"]): readonly RevocationTime[] =>
    store.by("target", `pod ${keyText(pod)}`).filter(({ spec }) => (spec.pod?.uid ?? pod.uid) === pod.uid);
  const ofNamespace = (namespace: string, { identity, pod }: Holder): readonly RevocationTime[] => {
    const one = ofTooMany(namespace);
    if (one !== undefined) return [one];
    return [
      ...(identity.namespace === namespace ? ofIdentity(identity) : []),
      ...(pod.namespace === namespace ? ofPod(pod) : []),
      ...all.by("unreadable", namespace),
    ];
  };

  return {
    concerning: (holder) =>
      [...new Set([holder.identity.namespace, holder.pod.namespace])].flatMap((each) => ofNamespace(each, holder)),
    isTokenRevoked: ({ namespace }, jti) => store.by("target", `token ${namespace} ${jti}`, 1).length > 0,
    tokenIds: (namespace) =>
      ofTooMany(namespace) === undefined
        ? store.by("tokensOf", namespace).flatMap(({ spec }) => spec.tokenId ?? [])
        : [],
  };
}

/** Whether what a holder was given in the knowledge of these revocations was revoked since. */
export function isRevokedSince(known: string | undefined, holder: Holder, revocations: Revocations): boolean {
  return revocations.concerning(holder).some((revocation) => !isKnown(revocation, known));
}
