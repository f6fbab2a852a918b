import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { validateObject } from "../../identity/validate.ts";
import { type CodeBlock, codeBlocks, pages } from "./markdown.ts";

interface Written {
  readonly kind: string;
  readonly apiVersion: string;
}

const blocks = pages().flatMap(codeBlocks);

function problems({ text }: CodeBlock): unknown[] {
  const objects: Written[] = parseAllDocuments(text).map((document) => document.toJS());
  const own = objects.filter(({ apiVersion }) => apiVersion.startsWith("lanyard.dev/"));
  return own.flatMap((object) => {
    const validation = validateObject(object.kind, object);
    return validation.kind === "invalid" ? validation.problems : [];
  });
}

test("there are blocks of YAML to check", () => {
  expect(blocks.filter(({ info }) => info === "yaml")).not.toEqual([]);
});

test.each(blocks.filter(({ info }) => info === "yaml"))("YAML in $page is what the schemas take", (block) => {
  expect(problems(block)).toEqual([]);
});

test.each(blocks.filter(({ info }) => info === "yaml bad"))("YAML in $page that is meant to be wrong is", (block) => {
  expect(problems(block)).not.toEqual([]);
});
