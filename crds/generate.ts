import { writeFile } from "node:fs/promises";
import { customResources } from "../identity/custom-resources.ts";
import { crdYaml } from "./custom-resource-definition.ts";

/** Writes the CRD of every kind beside this file. Run by `npm run generate`. */
for (const resource of customResources) {
  await writeFile(new URL(`./${resource.plural}.yaml`, import.meta.url), crdYaml(resource));
}
