import { compileCondition } from "../../identity/assignment-condition.ts";
import { timestamp } from "../../identity/timestamp.ts";
import { UsageError } from "../usage-error.ts";
import type { Limits } from "./assignment-manifest.ts";

export interface LimitOptions {
  readonly expiresAt?: string;
  readonly expiresIn?: string;
  readonly notBefore?: string;
  readonly condition?: string;
}

const unitSeconds = { d: 86_400, h: 3600, m: 60, s: 1 } as const;
const DURATION = /^(?=\d)(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?$/;

/** When an assignment holds and under which condition. Throws a UsageError for what would never hold. */
export function parseLimits({ expiresIn, ...written }: LimitOptions, now: number): Limits {
  if (expiresIn !== undefined && written.expiresAt !== undefined) {
    throw new UsageError("--expires-at and --expires-in say the same: give one of them.");
  }
  const expiresAt = expiresIn === undefined ? written.expiresAt : timestamp(new Date(now + milliseconds(expiresIn)));
  const { notBefore, condition } = written;
  const [begin, end] = [timeOf("--not-before", notBefore), timeOf("--expires-at", expiresAt)];
  if (end !== undefined && end <= now) throw new UsageError(`${expiresAt} is in the past: the role would never hold.`);
  if (begin !== undefined && end !== undefined && end <= begin) {
    throw new UsageError(`--not-before ${notBefore} is not before the end, ${expiresAt}: the role would never hold.`);
  }
  checkCondition(condition);
  return { notBefore, expiresAt, condition };
}

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

function timeOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const time = RFC_3339.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time))
    throw new UsageError(`${option} ${text} is no time: expected one such as 2026-12-01T00:00:00Z.`);
  return time;
}

function milliseconds(text: string): number {
  const match = DURATION.exec(text);
  if (match === null) throw new UsageError(`--expires-in ${text} is no duration: expected one such as 8h, 90m or 30d.`);
  const [, d = "0", h = "0", m = "0", s = "0"] = match;
  const seconds =
    Number(d) * unitSeconds.d + Number(h) * unitSeconds.h + Number(m) * unitSeconds.m + Number(s) * unitSeconds.s;
  return seconds * 1000;
}

function checkCondition(condition: string | undefined): void {
  if (condition === undefined) return;
  const compiled = compileCondition(condition);
  if (compiled.kind === "compiled") return;
  throw new UsageError(`--condition, line ${compiled.line}, column ${compiled.column}: ${compiled.message}`);
}
