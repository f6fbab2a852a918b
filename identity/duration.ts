import { z } from "zod";
import { rules } from "./validation-rule.ts";

const unitSeconds = { h: 3600, m: 60, s: 1 } as const;
const pattern = /^(?=\d)(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?$/;

/** Seconds in a Kubernetes duration such as `1h30m`; undefined when it is not one. */
export function parseDurationSeconds(text: string): number | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [, hours = "0", minutes = "0", seconds = "0"] = match;
  return Number(hours) * unitSeconds.h + Number(minutes) * unitSeconds.m + Number(seconds) * unitSeconds.s;
}

const shortest = { text: "10m", seconds: 600 } as const;
const longest = { text: "24h", seconds: 86_400 } as const;

/** No token is good for longer. */
export const LONGEST_LIFETIME_SECONDS: number = longest.seconds;

const outOfBounds = `expected a duration from ${shortest.text} to ${longest.text}`;

/** A token lifetime: 10m to 24h. The CEL rule says the same to the API server. */
export const tokenLifetimeSchema = z
  .string()
  .max(21)
  .regex(pattern, `${outOfBounds}, such as "1h" or "90m"`)
  .refine(isWithinBounds, outOfBounds)
  .meta({
    // Go's regular expressions have no lookahead: the CEL rule refuses the empty text.
    pattern: pattern.source.replace("(?=\\d)", ""),
    ...rules({
      rule: `self != '' && duration(self) >= duration('${shortest.text}') && duration(self) <= duration('${longest.text}')`,
      message: outOfBounds,
    }),
  });

function isWithinBounds(text: string): boolean {
  const seconds = parseDurationSeconds(text);
  return seconds !== undefined && seconds >= shortest.seconds && seconds <= longest.seconds;
}
