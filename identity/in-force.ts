import type { AnyRoleAssignment } from "./role-assignment.ts";

/** Whether an assignment gives anything at a time (milliseconds since the epoch), as far as it is written: it has begun, not ended, and is not being deleted. */
export function isInForce({ metadata, spec }: AnyRoleAssignment, now: number): boolean {
  if (metadata.deletionTimestamp !== undefined) return false;
  return hasBegun(spec.notBefore, now) && !hasEnded(spec.expiresAt, now);
}

export const hasBegun = (notBefore: string | undefined, now: number): boolean =>
  notBefore === undefined || Date.parse(notBefore) <= now;

export const hasEnded = (expiresAt: string | undefined, now: number): boolean =>
  expiresAt !== undefined && Date.parse(expiresAt) <= now;

/** When the answer of `isInForce` changes next by time alone (milliseconds since the epoch); undefined when it does not. */
export function nextChange({ spec }: AnyRoleAssignment, now: number): number | undefined {
  const times = [spec.notBefore, spec.expiresAt].flatMap((time) => (time === undefined ? [] : [Date.parse(time)]));
  const ahead = times.filter((time) => time > now);
  return ahead.length === 0 ? undefined : Math.min(...ahead);
}
