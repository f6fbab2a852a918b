import type { Command, Option } from "commander";
import { describe, expect, test } from "vitest";
import { withClusterOptions } from "../../cli/cluster/options.ts";
import { programNamed } from "../support/program.ts";
import { read } from "./markdown.ts";

const page = read("docs/reference/cli.md");
const program = programNamed();

/** The commands that do something, by what a person types. */
function commands(command: Command, before: readonly string[] = []): (readonly [string, Command])[] {
  const names = [...before, command.name()];
  const below = command.commands.flatMap((each) => commands(each, names));
  const acts = below.length === 0 || (before.length > 0 && command.options.length > 0);
  return acts ? [[names.join(" "), command], ...below] : below;
}

const cell = (text: string): string => text.replaceAll("|", "\\|");
const row = (name: string, description: string): string => `| \`${cell(name)}\` | ${cell(description)} |`;
const optionRow = ({ flags, description }: Option): string => row(flags, description);

const sharedRows = withClusterOptions(program.createCommand("any")).options.map(optionRow);

function rowsOf(command: Command): string[] {
  const dots = (isVariadic: boolean): string => (isVariadic ? "..." : "");
  const args = command.registeredArguments.map((argument) => {
    const name = `${argument.name()}${dots(argument.variadic)}`;
    return row(argument.required ? `<${name}>` : `[${name}]`, argument.description);
  });
  const rows = command.options.map(optionRow);
  const asksTheCluster = sharedRows.every((each) => rows.includes(each));
  return [...args, ...(asksTheCluster ? rows.filter((each) => !sharedRows.includes(each)) : rows)];
}

/** The rows under a heading. */
function written(heading: string): string[] {
  const [, section = ""] = page.split(`\n## ${heading}\n`);
  const [own = ""] = section.split("\n## ");
  return own.split("\n").filter((line) => line.startsWith("| `"));
}

describe("docs/reference/cli.md", () => {
  test("has the options that commands share", () => {
    expect(written("Asking the cluster")).toEqual(sharedRows);
  });

  test.each(commands(program))("has each argument and option of %s, in the words of --help", (name, command) => {
    expect(page).toContain(`\n## ${name}\n`);
    expect(written(name)).toEqual(rowsOf(command));
  });

  test("has no command that is gone", () => {
    const headings = [...page.matchAll(/^## (lanyard .+)$/gm)].map(([, name]) => name);
    expect(headings).toEqual(commands(program).map(([name]) => name));
  });
});
