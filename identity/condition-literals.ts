import type { ASTNode } from "@marcbachmann/cel-js";
import { canonicalZone } from "./zoned-time.ts";

const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?(?:Z|[+-]\d\d:\d\d)$/;
const DURATION = /^-?(?:\d{1,9}(?:\.\d{1,9})?(?:h|ms|m|s))+$/;
const INT64 = { least: -(2n ** 63n), most: 2n ** 63n - 1n } as const;

/** Text that is written out, as a literal; undefined for anything else. */
export function literalText(node: ASTNode | undefined): string | undefined {
  return node?.op === "value" && typeof node.args === "string" ? node.args : undefined;
}

/** CEL's values but null, bytes and unsigned integers, of which no fact is one. */
export function isPlainValue(value: unknown): boolean {
  if (typeof value === "bigint") return value >= INT64.least && value <= INT64.most;
  return ["string", "boolean", "number"].includes(typeof value);
}

/** RFC 3339 with a zone: JavaScript reads other texts in the zone of the machine. */
export const isTimestampText = (text: string): boolean => TIMESTAMP.test(text) && !Number.isNaN(Date.parse(text));

export const isDurationText = (text: string): boolean => DURATION.test(text);

/** A name of the time zone database that this Node knows, such as Europe/Berlin. */
export const isTimeZone = (text: string): boolean => canonicalZone(text) !== undefined;
