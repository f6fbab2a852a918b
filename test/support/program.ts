import type { Command } from "commander";
import type { Invocation } from "../../cli/invocation.ts";
import { createProgram } from "../../cli/program.ts";

/** The command line, of a release that is none, with nobody who waits for an exit code. */
export const programNamed = (name: Invocation["name"] = "lanyard"): Command =>
  createProgram({ name, version: "0.0.0", finish() {} });
