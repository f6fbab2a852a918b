import { readFile, writeFile } from "node:fs/promises";
import { parse, stringify } from "yaml";
import { crdYaml } from "../crds/custom-resource-definition.ts";
import { builtInRoleDefinitions } from "../identity/built-in-roles.ts";
import { customResources } from "../identity/custom-resources.ts";
import { limitsPage } from "./limits-page.ts";
import { chartValues, withValues } from "./values-reference.ts";

/**
 * Writes the CRDs and the built-in roles into the chart, since Helm packs only what lies in its folder, and the pages on
 * values and limits. Run by `npm run generate`.
 */
const at = (path: string): URL => new URL(path, import.meta.url);
const page = at("../docs/reference/chart.md");

for (const resource of customResources) {
  await writeFile(at(`./lanyard/crd-files/${resource.plural}.yaml`), crdYaml(resource));
}
const roles = builtInRoleDefinitions.map(({ metadata, spec: { description: _, ...spec } }) => [metadata.name, spec]);
await writeFile(at("./lanyard/files/built-in-roles.yaml"), stringify(Object.fromEntries(roles)));
const schema: unknown = JSON.parse(await readFile(at("./lanyard/values.schema.json"), "utf8"));
const values: unknown = parse(await readFile(at("./lanyard/values.yaml"), "utf8"));
await writeFile(page, withValues(await readFile(page, "utf8"), chartValues(schema, values)));
await writeFile(at("../docs/reference/limits.md"), limitsPage());
