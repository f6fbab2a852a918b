import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { chartValues, withValues } from "../../charts/values-reference.ts";
import { crdYaml } from "../../crds/custom-resource-definition.ts";
import { customResources } from "../../identity/custom-resources.ts";
import { read, repository } from "../docs/markdown.ts";

const file = (name: string): string => readFileSync(join(repository, "charts/lanyard", name), "utf8");

test("the chart has a CRD for each kind, and no other", () => {
  const files = readdirSync(join(repository, "charts/lanyard/crd-files"));
  expect(files.sort()).toEqual(customResources.map(({ plural }) => `${plural}.yaml`).sort());
});

test.each([...customResources])(
  "its $plural.yaml is what the schema says now: else run npm run generate",
  (resource) => {
    expect(file(`crd-files/${resource.plural}.yaml`)).toBe(crdYaml(resource));
  },
);

describe("the values", () => {
  const values = chartValues(JSON.parse(file("values.schema.json")), parse(file("values.yaml")));

  test("are in the page as they are now: else run npm run generate", () => {
    const page = read("docs/reference/chart.md");
    expect(withValues(page, values)).toBe(page);
  });

  test("each have a description", () => {
    expect(values.filter(({ description }) => description === "")).toEqual([]);
  });

  test("each have a default", () => {
    expect(values.filter(({ preset }) => preset === undefined)).toEqual([]);
  });
});

test("the chart has the version of the program, and so have its images", () => {
  const { version } = JSON.parse(read("package.json"));
  expect(parse(file("Chart.yaml"))).toMatchObject({ version, appVersion: version });
});
