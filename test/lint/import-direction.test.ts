import { describe, expect, test } from "vitest";
import { lint } from "./lint.ts";

const folders = ["identity", "crds", "kube", "http", "operator", "webhook", "issuer", "vault", "sidecar", "cli"];

/** The table of the architecture: what each folder may import of the others. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  identity: [],
  crds: ["identity"],
  kube: ["identity"],
  http: ["identity", "kube"],
  operator: ["http", "identity", "kube"],
  webhook: ["http", "identity", "kube"],
  issuer: ["http", "identity", "kube"],
  vault: ["http", "identity", "kube"],
  sidecar: [],
  cli: ["http", "identity", "kube", "operator", "webhook", "issuer", "vault", "sidecar"],
};

interface Probe {
  readonly file: string;
  readonly text: string;
  readonly says: string;
  readonly isAllowed: boolean;
}

const importing = (from: string, source: string): string =>
  `import { value } from "${source}";\nexport const ${from} = value;\n`;

function probe(from: string, source: string, isAllowed: boolean): Probe {
  const name = source.replaceAll(/[^a-z0-9]+/gi, "-");
  return { file: `${from}/probe${name}.ts`, text: importing("own", source), says: `${from}/ ← ${source}`, isAllowed };
}

const folderProbes = folders.flatMap((from) =>
  [...folders, "test", "tools"]
    .filter((to) => to !== from)
    .map((to) => probe(from, `../${to}/module.ts`, mayImport[from]?.includes(to) ?? false)),
);

const buildProbes = [
  ...["charts", "images"].flatMap((from) => [
    probe(from, "../test/module.ts", false),
    ...[...folders, "tools"].map((to) => probe(from, `../${to}/module.ts`, true)),
  ]),
  ...[...folders, "charts", "images", "test"].map((to) => probe("tools", `../${to}/module.ts`, false)),
];

/** A folder within a folder climbs two steps, and is still seen. */
const deepProbes: readonly Probe[] = [
  probe("kube/memory", "../../identity/module.ts", true),
  probe("kube/memory", "../../operator/module.ts", false),
  probe("issuer/steps", "../../kube/module.ts", true),
  probe("issuer/steps", "../../cli/dev/module.ts", false),
  probe("sidecar/dialects", "../../identity/module.ts", false),
  probe("sidecar/dialects", "../cache.ts", true),
];

const packageProbes: readonly Probe[] = [
  ...["zod", "uuid", "leven", "@marcbachmann/cel-js"].map((name) => probe("identity", name, true)),
  ...["node:fs", "node:http", "jose", "pino", "yaml", "chokidar", "commander"].map((name) =>
    probe("identity", name, false),
  ),
  ...["node:fs", "node:crypto"].map((name) => probe("sidecar", name, true)),
  ...["zod", "pino", "jose", "uuid", "yaml", "commander", "@kubernetes/client-node", "@azure/identity"].map((name) =>
    probe("sidecar", name, false),
  ),
  ...["jose", "pino", "node:http"].map((name) => probe("issuer", name, true)),
];

const entryProbes = ["operator", "webhook", "issuer", "cli"].map((from) => probe(from, "./main.ts", false));

const probes = [...folderProbes, ...buildProbes, ...deepProbes, ...packageProbes, ...entryProbes];
const findings = lint(Object.fromEntries(probes.map(({ file, text }) => [file, text])));
const refusedBy = new Set(["noRestrictedImports", "plugin"]);
const isRefused = (file: string): boolean => (findings.get(file) ?? []).some(({ rule }) => refusedBy.has(rule));

describe("an import against the direction fails lint, one along it passes", () => {
  test.each(probes)("$says: $isAllowed", ({ file, isAllowed }) => expect(isRefused(file)).toBe(!isAllowed));

  test("no two probes are one file", () => expect(new Set(probes.map(({ file }) => file)).size).toBe(probes.length));
});

test("the sidecar takes types from identity/, and no value in any form", () => {
  const found = lint({
    "sidecar/type.ts": 'import type { Reason } from "../identity/reasons.ts";\nexport type Own = Reason;\n',
    "sidecar/dialects/type.ts":
      'import type {\n  Reason,\n} from "../../identity/reasons.ts";\nexport type Own = Reason;\n',
    "sidecar/value.ts": importing("own", "../identity/names.ts"),
    "sidecar/everything.ts": 'import * as names from "../identity/names.ts";\nexport const own = names;\n',
    "sidecar/effect.ts": 'import "../identity/names.ts";\n',
    "sidecar/handed-on.ts": 'export { names } from "../identity/names.ts";\n',
    "issuer/value.ts": importing("own", "../identity/names.ts"),
  });
  const refused = [...found].filter(([, list]) => list.some(({ rule }) => rule === "plugin")).map(([file]) => file);
  expect(refused.sort()).toEqual([
    "sidecar/effect.ts",
    "sidecar/everything.ts",
    "sidecar/handed-on.ts",
    "sidecar/value.ts",
  ]);
});
