import { annotations } from "./names.ts";
import { type Refusal, refusals } from "./reasons.ts";
import type { BoundIdentity, PodFacts } from "./usable-identities.ts";

/** How a token request names the identity that it wants: by one of three ids, or not at all. */
export type IdentitySelector =
  | { readonly by: "default" }
  | { readonly by: "clientId" | "objectId" | "resourceId"; readonly value: string };

export type Selection =
  | { readonly kind: "selected"; readonly identity: BoundIdentity }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/** Picks the identity that a token request means, in the order of a cloud VM: named; annotated; system-assigned; the only one. */
export function selectIdentity(asked: IdentitySelector, pod: PodFacts, usable: readonly BoundIdentity[]): Selection {
  const selection = asked.by === "default" ? byDefault(pod, usable) : byName(asked, pod, usable);
  if (selection.kind === "refused" || !selection.identity.identity.spec.disabled) return selection;
  return { kind: "refused", refusal: refusals.IdentityDisabled(nameOf(selection.identity)) };
}

type Named = Exclude<IdentitySelector, { by: "default" }>;

function byName(asked: Named, pod: PodFacts, usable: readonly BoundIdentity[]): Selection {
  const identity = usable.find((candidate) => matches(candidate, asked));
  const asWritten = `${asked.by} ${asked.value}`;
  return identity === undefined ? refuse(refusals.IdentityNotFound(asWritten, accountOf(pod))) : select(identity);
}

function byDefault(pod: PodFacts, usable: readonly BoundIdentity[]): Selection {
  if (pod.annotatedIdentity !== undefined) {
    const annotated = usable.find((candidate) => candidate.annotated);
    const asWritten = `"${pod.annotatedIdentity}", which its annotation ${annotations.identity} names`;
    return annotated === undefined ? refuse(refusals.IdentityNotFound(asWritten, accountOf(pod))) : select(annotated);
  }
  const candidates = usable.filter((candidate) => !candidate.crossNamespace);
  const systemAssigned = candidates.filter((candidate) => candidate.systemAssigned);
  return theOnlyOne(pod, systemAssigned.length > 0 ? systemAssigned : candidates);
}

function theOnlyOne(pod: PodFacts, candidates: readonly BoundIdentity[]): Selection {
  const [identity, another] = candidates;
  if (identity === undefined) return refuse(refusals.NoIdentity(accountOf(pod), pod.unknownController));
  if (another !== undefined) return refuse(refusals.IdentityAmbiguous(candidates.map(nameAndClientId)));
  return select(identity);
}

/** UUIDs compare without regard to case (RFC 9562 §4); resource ids, like those of the cloud, too. */
function matches(candidate: BoundIdentity, asked: Named): boolean {
  const own = { clientId: candidate.clientId, objectId: candidate.principalId, resourceId: candidate.resourceId }[
    asked.by
  ];
  return own.toLowerCase() === asked.value.toLowerCase();
}

const accountOf = ({ namespace, serviceAccount }: PodFacts): string => `${namespace}/${serviceAccount}`;
const nameOf = ({ identity }: BoundIdentity): string => `${identity.metadata.namespace}/${identity.metadata.name}`;
const nameAndClientId = (candidate: BoundIdentity): string => `${nameOf(candidate)} (client id ${candidate.clientId})`;
const select = (identity: BoundIdentity): Selection => ({ kind: "selected", identity });
const refuse = (refusal: Refusal): Selection => ({ kind: "refused", refusal });
