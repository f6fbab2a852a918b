import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";

const folder = join(import.meta.dirname, "../../crds");
const files = readdirSync(folder).filter((file) => file.endsWith(".yaml"));

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

/** Steps from the schema of the object to its deepest field. */
function depth({ properties = {}, items }: Schema): number {
  if (items !== undefined) return depth(items);
  return Math.max(0, ...Object.values(properties).map((schema) => 1 + depth(schema)));
}

/** `lanyard.celKeepsFields` in the chart looks no deeper. */
const COMPARED = 6;

test.each(files)("the guard of the CRDs looks at each field of %s", (file) => {
  const { spec } = parse(readFileSync(join(folder, file), "utf8"));
  for (const { schema } of spec.versions) expect(depth(schema.openAPIV3Schema)).toBeLessThanOrEqual(COMPARED);
});
