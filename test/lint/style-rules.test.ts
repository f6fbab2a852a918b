import { describe, expect, test } from "vitest";
import { lint } from "./lint.ts";

const inFunction = (body: string): string =>
  `export function probe(list: number[]): number {\n${body}\n  return 0;\n}\n`;
const deep = (inner: string): string =>
  inFunction(
    `  for (const a of list) {\n    if (a > 1) {\n      while (list.pop() === a) {\n        ${inner}\n      }\n    }\n  }`,
  );
const branches = (count: number): string =>
  inFunction(Array.from({ length: count }, (_none, at) => `  if (list[${at}] === ${at}) return ${at};`).join("\n"));
const parameters = (count: number): string => {
  const names = Array.from({ length: count }, (_none, at) => `p${at}`);
  return `export const probe = (${names.map((name) => `${name}: number`).join(", ")}): number => ${names.join(" + ")};\n`;
};
const lines = (count: number): string =>
  Array.from({ length: count }, (_none, at) => `export const line${at} = ${at};\n`).join("");

interface Case {
  readonly says: string;
  readonly text: string;
  readonly rule: string;
  readonly isFound: boolean;
}

const cases: readonly Case[] = [
  { says: "a cognitive complexity of 10", text: branches(10), rule: "noExcessiveCognitiveComplexity", isFound: false },
  { says: "a cognitive complexity of 11", text: branches(11), rule: "noExcessiveCognitiveComplexity", isFound: true },
  { says: "four parameters", text: parameters(4), rule: "useMaxParams", isFound: false },
  { says: "five parameters", text: parameters(5), rule: "useMaxParams", isFound: true },
  { says: "300 lines", text: lines(299), rule: "noExcessiveLinesPerFile", isFound: false },
  { says: "301 lines", text: lines(301), rule: "noExcessiveLinesPerFile", isFound: true },
  { says: "three blocks deep", text: deep("list.push(1);"), rule: "plugin", isFound: false },
  { says: "four blocks deep", text: deep("if (a > 2) {\n list.push(1);\n }"), rule: "plugin", isFound: true },
  {
    says: "a function's body three blocks deep",
    text: deep("list.map((b) => {\n return b;\n });"),
    rule: "plugin",
    isFound: false,
  },
  {
    says: "four branches of one else-if chain",
    text: inFunction(
      "if (list[0] === 1) {\n list.pop();\n } else if (list[0] === 2) {\n list.pop();\n } else if (list[0] === 3) {\n list.pop();\n } else if (list[0] === 4) {\n list.pop();\n }",
    ),
    rule: "plugin",
    isFound: false,
  },
  { says: "any", text: "export const probe: any = 1;\n", rule: "noExplicitAny", isFound: true },
  { says: "unknown", text: "export const probe: unknown = 1;\n", rule: "noExplicitAny", isFound: false },
  {
    says: "a value taken for certain",
    text: inFunction("  list.push(list[0]!);"),
    rule: "noNonNullAssertion",
    isFound: true,
  },
  {
    says: "an import without its extension",
    text: 'import { a } from "./a";\nexport const probe = a;\n',
    rule: "useImportExtensions",
    isFound: true,
  },
  {
    says: "a built-in module without node:",
    text: 'import { join } from "path";\nexport const probe = join;\n',
    rule: "useNodejsImportProtocol",
    isFound: true,
  },
  {
    says: "a type imported as a value",
    text: 'import { URL } from "node:url";\nexport type Probe = URL;\n',
    rule: "useImportType",
    isFound: true,
  },
  { says: "a file that only hands on", text: 'export * from "./a.ts";\n', rule: "noBarrelFile", isFound: true },
  {
    says: "an import that nobody uses",
    text: 'import { join } from "node:path";\nexport const probe = 1;\n',
    rule: "noUnusedImports",
    isFound: true,
  },
];

const fileOf = (at: number): string => `kube/case-${at}.ts`;
const findings = lint({
  ...Object.fromEntries(cases.map(({ text }, at) => [fileOf(at), text])),
  "kube/a.ts": "export const a = 1;\n",
});

describe("what lint finds", () => {
  test.each(cases.map((given, at) => ({ ...given, file: fileOf(at) })))(
    "$says: $isFound",
    ({ file, rule, isFound }) => {
      expect((findings.get(file) ?? []).some((finding) => finding.rule === rule)).toBe(isFound);
    },
  );
});
