import { expect, test } from "vitest";
import { programNamed } from "../support/program.ts";
import { codeBlocks, pages, tableRows } from "./markdown.ts";

const dev = programNamed().commands.find((command) => command.name() === "dev");
const known = (dev?.options ?? []).flatMap(({ short, long }) => [short, long].filter((flag) => flag !== undefined));

/** Flags between `lanyard dev` and the program that it runs. */
function flagsIn(line: string): string[] {
  const [, own = ""] = /lanyard dev(.*?)(?: -- |$)/.exec(line) ?? [];
  return own.split(/\s+/).filter((word) => /^--?[a-z]/.test(word));
}

test("lanyard dev has options to compare with", () => {
  expect(known).toContain("--as");
});

test.each(pages())("%s uses no option of lanyard dev that --help does not have", (page) => {
  const lines = codeBlocks(page).flatMap(({ text }) => text.split("\n"));
  expect(lines.flatMap(flagsIn).filter((flag) => flag !== "--help" && !known.includes(flag))).toEqual([]);
});

test("run-locally.md describes every option, and none that is gone", () => {
  const described = tableRows("docs/how-to/run-locally.md", "Options").flatMap(([flags = ""]) => flags.split(", "));
  expect(described.sort()).toEqual([...known].sort());
});
