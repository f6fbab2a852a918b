import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { anchors, localLinks, pages, repository } from "./markdown.ts";

test.each(pages())("every link of %s leads somewhere", (page) => {
  const broken = localLinks(page).filter(({ file }) => !existsSync(join(repository, file)));
  expect(broken.map(({ target }) => target)).toEqual([]);
});

test.each(pages())("every link of %s to a heading finds it", (page) => {
  const toHeadings = localLinks(page).filter(({ file, fragment }) => fragment !== undefined && file.endsWith(".md"));
  const broken = toHeadings.filter(({ file, fragment = "" }) => !anchors(file).includes(fragment));
  expect(broken.map(({ target }) => target)).toEqual([]);
});
