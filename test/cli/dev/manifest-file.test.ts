import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkManifests } from "../../../cli/dev/check-manifests.ts";
import { formatProblem } from "../../../cli/dev/format-problem.ts";
import { parseManifestFile } from "../../../cli/dev/manifest-file.ts";
import { property } from "../../support/property.ts";

const header = "apiVersion: v1\nkind: Namespace\n";

function problemsOf(text: string): string[] {
  const { manifests, problems } = parseManifestFile("a.yaml", text);
  return [...problems, ...checkManifests(manifests).problems].map(formatProblem);
}

const namesIn = (text: string): string[] =>
  parseManifestFile("a.yaml", text).manifests.map(({ manifest }) => manifest.metadata.name);

describe("what can be read", () => {
  test.each([
    ["YAML", `${header}metadata:\n  name: x\n`, ["x"]],
    ["JSON", '{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"x"}}', ["x"]],
    ["Windows line ends", "apiVersion: v1\r\nkind: Namespace\r\nmetadata:\r\n  name: x\r\n", ["x"]],
    ["a byte order mark", `\uFEFF${header}metadata:\n  name: x\n`, ["x"]],
    [
      "several documents, some empty",
      `---\n# none\n---\n${header}metadata: {name: x}\n---\n${header}metadata: {name: y}\n`,
      ["x", "y"],
    ],
    ["a List", `apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Namespace, metadata: {name: x}}\n`, ["x"]],
    ["nothing", "", []],
  ])("%s", (_, text, names) => {
    expect(namesIn(text)).toEqual(names);
    expect(problemsOf(text)).toEqual([]);
  });
});

describe("what is wrong, and where", () => {
  test.each([
    ["a syntax error", "kind: [x\n", /^a\.yaml:2:1: Flow sequence/],
    ["a tab", `${header}metadata:\n\tname: x\n`, /^a\.yaml:4:1: Tabs are not allowed/],
    ["a key twice", `${header}metadata:\n  name: x\n  name: y\n`, /^a\.yaml:5:3: Map keys must be unique/],
    ["no object", "hello\n", /^a\.yaml:1:1: expected a Kubernetes object/],
    ["no kind", "apiVersion: v1\nmetadata: {name: x}\n", /^a\.yaml:1:1: kind: expected kind to be a string/],
    ["no metadata", header, /^a\.yaml:1:1: metadata: expected metadata with a name/],
    ["no name", `${header}metadata:\n  labels: {}\n`, /^a\.yaml:3:1: metadata\.name: expected a name/],
    [
      "a namespace that is no text",
      `${header}metadata:\n  name: x\n  namespace: 7\n`,
      /^a\.yaml:5:3: metadata\.namespace/,
    ],
    ["an item of a List", `kind: List\nitems:\n- 7\n`, /^a\.yaml:3:3: expected a Kubernetes object/],
    [
      "an alias in what it refers to",
      `${header}metadata: {name: x}\nspec: &s\n  again: *s\n`,
      /^a\.yaml:1:1: an alias/,
    ],
    ["an alias bomb", bomb(), /^a\.yaml:1:1: Excessive alias count/],
    ["bottomless nesting", `a: ${"[".repeat(20_000)}`, /nested too deeply to be a manifest$/],
  ])("%s", (_, text, expected) => {
    const problems = problemsOf(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(expected);
  });
});

/** "Billion laughs": nine lists, each of nine times the one before. */
function bomb(): string {
  const lists = "bcdefghi".split("").map((name, at) => `${name}: &${name} [${`*${"abcdefgh"[at]},`.repeat(9)}]`);
  return [`a: &a [${"x,".repeat(9)}]`, ...lists].join("\n");
}

const fragment = fc.constantFrom(
  ..."apiVersion: v1\n|kind: Namespace\n|kind: List\nitems:\n|metadata:\n|  name: x\n|- |  |---\n|&a |*a|<<: *a\n|? |: |!!map |{|}|[|]|'|\"|#|\t|null\n|~\n|apiVersion: lanyard.dev/v1alpha1\n|kind: ManagedIdentity\n|spec:\n|  subjects:\n|__proto__: |  annotations: {lanyard.dev/system-assigned: true}\n|kind: Deployment\n|apiVersion: apps/v1\n".split(
    "|",
  ),
);

property("no text makes the reader throw, and every problem has a place in it", [fc.string()], noThrow);
property(
  "no pieces of YAML make the reader or the checks throw",
  [fc.array(fragment, { maxLength: 20 }).map((parts) => parts.join(""))],
  noThrow,
);

function noThrow(text: string): boolean {
  const { manifests, problems } = parseManifestFile("a.yaml", text);
  const all = [...problems, ...checkManifests(manifests).problems];
  const lines = text.split("\n").length + 1;
  return all.every(({ line = 0, column = 0, message }) => line >= 1 && line <= lines && column >= 1 && message !== "");
}
