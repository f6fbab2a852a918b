import { hash } from "node:crypto";
import type { Pod } from "../../kube/core-objects.ts";

/**
 * What the tokens of one status list have in common. All of it stands in the list's address, so that any issuer can
 * make any list from the cluster as it is now, and none has to remember which tokens it gave out.
 */
export interface StatusListKey {
  readonly principalId: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  /** Of the pods: `cohortOf`. */
  readonly cohort: number;
  /** `roleDigest` of each. */
  readonly roles: readonly string[];
  /** `knownRevocations`, when there were any. */
  readonly known: string | undefined;
  readonly audience: string;
}

export const STATUS_LISTS = "/status-lists/";
const NONE = "-";
/** 72 bits: nobody finds another role name with the same. */
const DIGEST_CHARACTERS = 12;
const eachDigest = new RegExp(`.{1,${DIGEST_CHARACTERS}}`, "g");
const pathPattern =
  /^\/status-lists\/([\da-f-]{36})\/([a-z\d-]{1,63})\/([a-z\d.-]{1,253})\/(\d{1,9})\/([\w-]+)\/([\da-f.-]+)\/([\w-]+)$/;

export function statusListPath(key: StatusListKey): string {
  const { principalId, namespace, serviceAccount, cohort, roles, known, audience } = key;
  const named = roles.length === 0 ? NONE : roles.join("");
  // Not percent-encoded: there are proxies that decode a slash on its way.
  const encoded = Buffer.from(audience).toString("base64url");
  return `${STATUS_LISTS}${principalId}/${namespace}/${serviceAccount}/${cohort}/${named}/${known ?? NONE}/${encoded}`;
}

/** Undefined for a path that `statusListPath` does not write: each list has one address. */
export function parseStatusListPath(path: string): StatusListKey | undefined {
  const match = pathPattern.exec(path);
  if (match === null) return undefined;
  const [, principalId = "", namespace = "", serviceAccount = "", cohort = "", roles = "", known = "", audience = ""] =
    match;
  const key = {
    ...{ principalId, namespace, serviceAccount, cohort: Number(cohort) },
    roles: roles === NONE ? [] : (roles.match(eachDigest) ?? []),
    known: known === NONE ? undefined : known,
    audience: Buffer.from(audience, "base64url").toString(),
  };
  return statusListPath(key) === path ? key : undefined;
}

/** What stands for a role in an address: names may be long and many, and each must still be found among those held. */
export function roleDigest(name: string): string {
  return hash("sha256", name, "base64url").slice(0, DIGEST_CHARACTERS);
}

const COHORT_SECONDS = 600;
/** By so much at most do the clocks of issuer and API server differ, and a watch lag behind. */
const MARGIN_SECONDS = 60;

/** In which ten minutes a pod was created: those of a rollout have one list together, or two. */
export function cohortOf({ metadata }: Pick<Pod, "metadata">): number {
  return Math.floor(Date.parse(metadata.creationTimestamp) / 1000 / COHORT_SECONDS);
}

/** Whether pods of a cohort may still be created that nobody knows of yet. `now` in milliseconds since the epoch. */
export function isOpen(cohort: number, now: number): boolean {
  return now / 1000 < (cohort + 1) * COHORT_SECONDS + MARGIN_SECONDS;
}
