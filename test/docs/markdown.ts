import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

export const repository = join(import.meta.dirname, "../..");

/** Every page for people, by its path in the repository. */
export function pages(): string[] {
  const inFolder = readdirSync(join(repository, "docs"), { recursive: true, encoding: "utf8" });
  const docs = inFolder.filter((file) => file.endsWith(".md")).map((file) => `docs/${file}`);
  const top = readdirSync(repository).filter((file) => file.endsWith(".md"));
  return [...top, ...docs].sort();
}

export function read(page: string): string {
  return readFileSync(join(repository, page), "utf8");
}

export interface CodeBlock {
  readonly page: string;
  /** What stands after the three backquotes, such as `yaml` or `yaml bad`. */
  readonly info: string;
  readonly text: string;
}

export function codeBlocks(page: string): CodeBlock[] {
  const found = read(page).matchAll(/^```([^\n`]*)\n(.*?)^```$/gms);
  return [...found].map(([, info = "", text = ""]) => ({ page, info: info.trim(), text }));
}

export interface Link {
  readonly page: string;
  readonly target: string;
  /** The page or file that it means, by its path in the repository. */
  readonly file: string;
  readonly fragment: string | undefined;
}

/** Links into the repository; those to the web are somebody else's to keep. */
export function localLinks(page: string): Link[] {
  const prose = read(page).replaceAll(/^```.*?^```$/gms, "");
  const targets = [...prose.matchAll(/\]\(([^()\s]+)\)/g)].map(([, target = ""]) => target);
  return targets
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [path = "", fragment] = target.split("#");
      const file = path === "" ? page : relative(repository, join(repository, dirname(page), path));
      return { page, target, file, fragment };
    });
}

/** The anchors of a page's headings, as GitHub makes them. */
export function anchors(page: string): string[] {
  const headings = [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => heading);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

/** Rows of every table under a heading, cell by cell, without the head. */
export function tableRows(page: string, heading: string): string[][] {
  const [, section = ""] = read(page).split(`\n## ${heading}\n`);
  const [own = ""] = section.split("\n## ");
  const lines = own.split("\n").filter((line) => line.startsWith("| `"));
  return lines.map((line) =>
    line
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim().replaceAll("`", "")),
  );
}
