import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Archive } from "../../images/archive.ts";
import { runCommand } from "../../tools/run-command.ts";
import { ctr } from "./ctr.ts";
import { folders } from "./layout.ts";
import { KIND_CLUSTER, kubectl, type TestCluster } from "./test-cluster.ts";

/** What was given to which cluster: the image's tag → the fingerprint of what it was made of. */
interface Loaded {
  readonly cluster: string;
  readonly images: Readonly<Record<string, string>>;
}

const record = join(folders.root, "loaded-images.json");

/** Gives images to the cluster's nodes, those that they do not have yet. Pods then need `imagePullPolicy: Never`. */
export async function loadImages(cluster: TestCluster, archives: readonly Archive[]): Promise<void> {
  const id = await kubectl(cluster, "get", "namespace/kube-system", "--output=jsonpath={.metadata.uid}");
  const before = await readRecord(id);
  const present = cluster.kind === "node" ? await imagesOfNode() : Object.keys(before.images);
  const isLoaded = ({ tag, fingerprint }: Archive): boolean =>
    before.images[tag] === fingerprint && present.includes(tag);
  for (const archive of archives.filter((each) => !isLoaded(each))) await load(cluster, archive.file);
  const images = Object.fromEntries(archives.map(({ tag, fingerprint }) => [tag, fingerprint]));
  await mkdir(dirname(record), { recursive: true });
  await writeFile(record, JSON.stringify({ cluster: id, images: { ...before.images, ...images } }));
}

async function load({ kind }: TestCluster, file: string): Promise<void> {
  switch (kind) {
    case "node":
      await ctr("images", "import", file);
      return;
    case "kind":
      await runCommand(["kind", "load", "image-archive", file, `--name=${KIND_CLUSTER}`]);
      return;
    default:
      throw new Error(`A cluster of the kind ${kind} takes no images from here: push them where its nodes pull from.`);
  }
}

async function imagesOfNode(): Promise<readonly string[]> {
  return (await ctr("images", "list", "--quiet")).split("\n");
}

/** A cluster that was made anew has nothing of what the one before had. */
async function readRecord(cluster: string): Promise<Loaded> {
  const empty = { cluster, images: {} };
  const text = await readFile(record, "utf8").catch(() => JSON.stringify(empty));
  const read: Loaded = JSON.parse(text);
  return read.cluster === cluster ? read : empty;
}
