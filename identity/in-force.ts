import type { AnyRoleAssignment } from "./role-assignment.ts";

/** From `from` until before `until`, in milliseconds since the epoch. */
export interface Period {
  readonly from: number;
  readonly until: number;
}

const never: Period = { from: Number.POSITIVE_INFINITY, until: Number.NEGATIVE_INFINITY };

/** When an assignment gives anything, as far as it is written. A time that is none makes it never; so does deletion. */
export function periodOf({ metadata, spec }: AnyRoleAssignment): Period {
  if (metadata.deletionTimestamp !== undefined) return never;
  return {
    from: spec.notBefore === undefined ? Number.NEGATIVE_INFINITY : Date.parse(spec.notBefore),
    until: spec.expiresAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(spec.expiresAt),
  };
}

export const includes = ({ from, until }: Period, now: number): boolean => from <= now && now < until;

export const hasBegun = (notBefore: string | undefined, now: number): boolean =>
  notBefore === undefined || Date.parse(notBefore) <= now;

export const hasEnded = (expiresAt: string | undefined, now: number): boolean =>
  expiresAt !== undefined && Date.parse(expiresAt) <= now;

/** When an assignment next begins or ends (milliseconds since the epoch); undefined when it does neither. */
export function nextChange({ spec }: AnyRoleAssignment, now: number): number | undefined {
  const times = [spec.notBefore, spec.expiresAt].flatMap((time) => (time === undefined ? [] : [Date.parse(time)]));
  const ahead = times.filter((time) => time > now);
  return ahead.length === 0 ? undefined : Math.min(...ahead);
}
