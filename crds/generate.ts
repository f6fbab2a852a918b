import { writeFile } from "node:fs/promises";
import { customResources } from "../identity/custom-resources.ts";
import { auditJsonSchema, auditReference } from "./audit-reference.ts";
import { crdYaml } from "./custom-resource-definition.ts";
import { apiReference } from "./reference.ts";

/** Writes the CRD of every kind beside this file, and the references for people. Run by `npm run generate`. */
for (const resource of customResources) {
  await writeFile(new URL(`./${resource.plural}.yaml`, import.meta.url), crdYaml(resource));
}
await writeFile(new URL("../docs/reference/api.md", import.meta.url), apiReference());
await writeFile(new URL("../docs/reference/audit.md", import.meta.url), auditReference());
await writeFile(new URL("../docs/reference/audit.schema.json", import.meta.url), auditJsonSchema());
