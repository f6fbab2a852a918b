import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { productImages, version } from "../../images/product-images.ts";

const chart = join(import.meta.dirname, "../../charts/lanyard");
const read = (file: string): unknown => parse(readFileSync(join(chart, file), "utf8"));

test("the images are tagged as the chart names them with image.registry=localhost/lanyard and no tag", () => {
  expect(read("Chart.yaml")).toMatchObject({ appVersion: version });
  expect(read("values.yaml")).toMatchObject({
    image: { registry: "", repository: "lanyard", tag: "" },
    sidecar: { image: { registry: "", repository: "sidecar", tag: "" } },
  });
  for (const { name, tag } of productImages) expect(tag).toBe(`localhost/lanyard/${name}:${version}`);
});
