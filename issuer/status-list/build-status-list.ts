import type { TenantId } from "../../identity/ids.ts";
import { isKnown } from "../../identity/known-revocations.ts";
import { indexInTokenId, STATUS_LIST_BITS } from "../../identity/token-id.ts";
import type { Pod } from "../../kube/core-objects.ts";
import type { ClusterState } from "../cluster-state.ts";
import { issuerLimits } from "../limits.ts";
import { podHasEnded } from "../pod-liveness.ts";
import { rolesOfPod, type StandingFacts } from "../token-standing.ts";
import type { Work } from "../work.ts";
import { podIndexes } from "./status-index.ts";
import { cohortOf, isOpen, roleDigest, type StatusListKey } from "./status-list-key.ts";

export interface ListFacts extends StandingFacts {
  /** Charged for each pod; other requests go on in between. */
  readonly work: Work;
}

/**
 * The list as it is now, one bit a place: 1 is INVALID. It says of each pod's tokens what introspection says of them.
 * Where no pod has its place, a complete cohort's list says INVALID, since whoever is not there has ended, and that of a
 * cohort to which pods may still come says VALID. Should two pods share a place, the one that may go on decides.
 */
export async function buildStatusList(key: StatusListKey, tenant: TenantId, facts: ListFacts): Promise<Uint8Array> {
  const open = isOpen(key.cohort, facts.clock.now());
  const revoked = revokedIndexes(key, facts);
  const indexes = (uids: readonly string[]): number[] => uids.flatMap(podIndexes);
  const { good, bad } = await judgePods(key, tenant, facts);
  const bits = new Uint8Array(STATUS_LIST_BITS / 8).fill(open ? 0 : 0xff);
  for (const index of indexes([...bad, ...facts.cluster.endedPods.uidsIn(key)])) setInvalid(bits, index);
  for (const index of indexes(good)) setValid(bits, index);
  for (const index of revoked) setInvalid(bits, index);
  return bits;
}

/** The UIDs of the pods that there are, by what their tokens are worth. */
async function judgePods(key: StatusListKey, tenant: TenantId, facts: ListFacts) {
  const good: string[] = [];
  const bad: string[] = [];
  for (const pod of podsOf(key, facts)) {
    const isPodGood = await facts.work.question((meter) => isGood(pod, key, tenant, { ...facts, meter }));
    (isPodGood ? good : bad).push(pod.metadata.uid);
  }
  return { good, bad };
}

/** By the ids of tokens of the namespace that the identity is in. */
export function revokedIndexes(
  { principalId }: Pick<StatusListKey, "principalId">,
  { cluster }: { readonly cluster: Pick<ClusterState, "identity" | "revocations"> },
): ReadonlySet<number> {
  const identity = cluster.identity.withPrincipalId(principalId);
  const tokenIds = identity === undefined ? [] : cluster.revocations.tokenIds(identity.metadata.namespace);
  return new Set(tokenIds.flatMap((jti) => indexInTokenId(jti) ?? []));
}

function podsOf({ namespace, serviceAccount, cohort }: StatusListKey, { cluster }: StandingFacts): Pod[] {
  return cluster.podsWith({ namespace, name: serviceAccount }).filter((pod) => cohortOf(pod) === cohort);
}

/** A token's roles may have grown meanwhile: it is worth less than a new one, and still what it says. */
async function isGood(
  pod: Pod,
  { principalId, audience, roles, known }: StatusListKey,
  tenant: TenantId,
  facts: StandingFacts,
): Promise<boolean> {
  if (podHasEnded(pod, facts.clock.now()) || isOlderThanItsAccount(pod, facts)) return false;
  const standing = await rolesOfPod({ pod, principalId, audience }, tenant, facts);
  if (standing === undefined) return false;
  const held = new Set(standing.roles.map(roleDigest));
  if (!roles.every((role) => held.has(role))) return false;
  const holder = { identity: standing.bound.identity.metadata, pod: pod.metadata };
  const concerning = facts.cluster.revocations.concerning(holder);
  facts.meter?.charge(issuerLimits.stepsOfARevocation * concerning.length);
  return concerning.every((revocation) => isKnown(revocation, known));
}

/** No pod is created before its ServiceAccount: one of that name that came later is another. */
function isOlderThanItsAccount({ metadata, spec }: Pod, { cluster }: StandingFacts): boolean {
  const account = cluster.serviceAccountNamed({ namespace: metadata.namespace, name: spec.serviceAccountName });
  return (
    account === undefined || Date.parse(metadata.creationTimestamp) < Date.parse(account.metadata.creationTimestamp)
  );
}

/** The place of an index counts from the least significant bit of its byte. */
function setInvalid(bits: Uint8Array, index: number): void {
  bits[index >> 3] = (bits[index >> 3] ?? 0) | (1 << (index & 7));
}

function setValid(bits: Uint8Array, index: number): void {
  bits[index >> 3] = (bits[index >> 3] ?? 0) & ~(1 << (index & 7));
}
