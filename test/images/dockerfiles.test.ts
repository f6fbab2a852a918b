import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, test } from "vitest";
import { productImages } from "../../images/product-images.ts";
import { publishedBases } from "../../images/published-bases.ts";
import manifest from "../../package.json" with { type: "json" };

const dockerfiles = productImages.map(({ dockerfile }) => ({
  name: basename(dockerfile),
  text: readFileSync(dockerfile, "utf8"),
}));

describe.each(dockerfiles)("$name", ({ text }) => {
  const lastStage = text.slice(text.lastIndexOf("\nFROM "));

  test("is built on a distroless image, unless it is told otherwise", () => {
    expect(publishedBases(text).BASE).toMatch(/^gcr\.io\/distroless\/[\w-]+:nonroot$/);
    expect(lastStage).toMatch(/^\nFROM \$\{BASE\}$/m);
  });

  test("runs as nobody in particular, by number: the kubelet cannot tell by a name whether that is root", () => {
    expect(lastStage.match(/^USER .*$/gm)).toEqual(["USER 65532:65532"]);
  });

  test("runs nothing while it is built, so that the same files are the same layers", () => {
    expect(text).not.toMatch(/^(RUN|ADD)\b/m);
  });

  test.each(["title", "description", "version", "revision", "licenses"])(
    "has the label %s of an OCI image",
    (label) => {
      expect(lastStage).toMatch(new RegExp(`org\\.opencontainers\\.image\\.${label}="[^"]+"`));
    },
  );

  test("names no shell to start with, since there is none", () => {
    expect(lastStage).toMatch(/^ENTRYPOINT \["\/[^"]+"\]$/m);
  });
});

test("the Node of the image is the one that is developed and tested with", () => {
  const withNode = dockerfiles.map(({ text }) => publishedBases(text).NODE).filter((image) => image !== undefined);
  expect(new Set(withNode)).toEqual(new Set([`docker.io/library/node:${manifest.devDependencies.node}-bookworm-slim`]));
});

describe("the published bases of a Dockerfile", () => {
  test.each([
    [
      "each ARG before the first FROM",
      "ARG BASE=a/b:1\nARG NODE=c@sha256:0\nFROM x\n",
      { BASE: "a/b:1", NODE: "c@sha256:0" },
    ],
    ["no ARG without a value", "ARG BASE\nFROM x\n", {}],
    ["no ARG of a stage", "FROM x\nARG VERSION=1\n", {}],
  ])("%s", (_rule, text, bases) => {
    expect(publishedBases(text)).toEqual(bases);
  });
});

test("every base has a stand-in that is made on this machine", () => {
  for (const { dockerfile, localBases } of productImages) {
    expect(Object.keys(localBases).sort()).toEqual(
      Object.keys(publishedBases(readFileSync(dockerfile, "utf8"))).sort(),
    );
  }
});

test("no image is built from a folder of the checkout, where secrets may lie", () => {
  for (const { text } of dockerfiles) {
    const copied = [...text.matchAll(/^COPY (?!--from)(\S+)/gm)].map(([, source]) => source);
    expect(copied).toEqual(["rootfs/"]);
  }
});
