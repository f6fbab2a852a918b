import { InvalidArgumentError } from "commander";
import { parseDurationSeconds } from "../identity/duration.ts";

/** The seconds of an option that is a duration, such as `30s` or `2m`. */
export function parseSeconds(text: string): number {
  const seconds = parseDurationSeconds(text);
  if (seconds === undefined) throw new InvalidArgumentError("Expected a duration such as 30s or 2m.");
  return seconds;
}
