import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { productImages, version } from "../../images/product-images.ts";

const chart = join(import.meta.dirname, "../../charts/lanyard");
const read = (file: string): unknown => parse(readFileSync(join(chart, file), "utf8"));

test("the images are tagged as the chart's default values name them: without a tag, the chart's appVersion", () => {
  expect(read("Chart.yaml")).toMatchObject({ appVersion: version });
  expect(read("values.yaml")).toMatchObject({
    image: { repository: repositoryOf("lanyard"), tag: "" },
    sidecar: { image: { repository: repositoryOf("sidecar"), tag: "" } },
  });
});

/** Of the image's tag, which ends with the version. */
function repositoryOf(name: string): string | undefined {
  return productImages.find((image) => image.name === name)?.tag.replace(`:${version}`, "");
}
