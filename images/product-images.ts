import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Gathered } from "./gathered.ts";
import { localBase, localNode } from "./local-bases.ts";
import { type Stage, stageExamples, stageLanyard, stageSidecar } from "./stage.ts";

export const root = join(import.meta.dirname, "..");

/** What is released. */
export interface ProductImage {
  readonly name: string;
  /** What the chart names with `image.registry=localhost/lanyard`: no host on a network, so that no node pulls it by mistake. */
  readonly tag: string;
  readonly dockerfile: string;
  readonly stage: Stage;
  /** What stands in for the published base of each `ARG`, where no registry answers. */
  readonly localBases: Readonly<Record<string, Gathered>>;
}

export const LOCAL_REGISTRY = "localhost/lanyard";

export const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { readonly version: string };

export const productImages: readonly ProductImage[] = [
  image("lanyard", stageLanyard, { BASE: localBase, NODE: localNode }),
  image("sidecar", stageSidecar, { BASE: localBase }),
  image("examples", stageExamples, { BASE: localBase, NODE: localNode }),
];

function image(name: string, stage: Stage, localBases: ProductImage["localBases"]): ProductImage {
  const dockerfile = join(import.meta.dirname, `${name}.Dockerfile`);
  return { name, tag: `${LOCAL_REGISTRY}/${name}:${version}`, dockerfile, stage, localBases };
}
