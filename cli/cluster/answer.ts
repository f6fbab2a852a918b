import { stringify } from "yaml";
import type { OutputFormat } from "./options.ts";
import { printable } from "./printable.ts";

/** 0 fine (or allowed), 1 found a problem (or not allowed), 2 wrong use, or what was asked cannot be said. */
export type ExitCode = 0 | 1 | 2;

/** What a command has to say, once for each kind of reader. */
export interface Answer {
  readonly code: ExitCode;
  /** For a person. */
  readonly text: string;
  /** For a program: its shape is stable, and documented in docs/reference/cli.md. */
  readonly data: unknown;
  /** What could not be read: said on standard error in every format, before the answer that lacks it. */
  readonly incomplete?: readonly string[];
  /** What a person must know besides, on standard error in every format. */
  readonly notes?: readonly string[];
}

/** What a program gets where there is no answer; a person reads it on standard error. */
export function formatFailure(message: string, output: OutputFormat): string {
  return output === "table" ? "" : formatAnswer({ code: 2, text: "", data: { error: { message } } }, output);
}

export function formatAnswer({ text, data }: Answer, output: OutputFormat): string {
  if (output === "json") return `${JSON.stringify(data, undefined, 2)}\n`;
  if (output === "yaml") return stringify(data);
  return text === "" ? "" : `${printable(text)}\n`;
}
