import { chmod, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { buildSidecar } from "../sidecar/build.ts";
import { bundle } from "./bundle.ts";
import { copyLicenses } from "./copy-licenses.ts";
import { fixAttributes } from "./fix-attributes.ts";
import { type Manifest, readManifest } from "./manifest.ts";
import { type Component, sbomOf } from "./sbom.ts";

/** Gathers what an image adds to its base in a folder that looks like the image's root. */
export type Stage = (root: string, rootfs: string) => Promise<void>;

const HOME = "usr/share/lanyard";

export const stageLanyard: Stage = async (root, rootfs) => {
  const folder = join(rootfs, HOME, "dist");
  const folders = await bundle({ root, programs: { lanyard: "cli/main.ts" }, folder });
  await nameInterpreter(join(folder, "lanyard.js"));
  await mkdir(join(rootfs, "usr/local/bin"), { recursive: true });
  await symlink(`/${HOME}/dist/lanyard.js`, join(rootfs, "usr/local/bin/lanyard"));
  const { name, version, license, type, engines } = await readManifest(root);
  await writeFile(join(rootfs, HOME, "package.json"), JSON.stringify({ name, version, license, type, engines }));
  await describe({ root, rootfs, name: "lanyard", runtime: "node", folders });
};

export const stageSidecar: Stage = async (root, rootfs) => {
  await mkdir(rootfs, { recursive: true });
  buildSidecar(join(rootfs, "lanyard-sidecar"));
  await describe({ root, rootfs, name: "lanyard-sidecar", runtime: "bun", folders: [] });
};

export const stageExamples: Stage = async (root, rootfs) => {
  const programs = { orders: "examples/orders/orders.ts", inventory: "examples/orders/inventory.ts" };
  const folders = await bundle({ root, programs, folder: rootfs });
  await writeFile(join(rootfs, "package.json"), JSON.stringify({ type: "module" }));
  await describe({ root, rootfs, name: "lanyard-examples", runtime: "node", folders });
};

/** Fills a folder anew. */
export async function fillStage(stage: Stage, root: string, rootfs: string): Promise<void> {
  await rm(rootfs, { recursive: true, force: true });
  await stage(root, rootfs);
  await fixAttributes(rootfs);
}

/** The image has no `env` to look for Node, so the program says where it is. */
async function nameInterpreter(program: string): Promise<void> {
  const text = await readFile(program, "utf8");
  await writeFile(program, text.replace(/^#!.*/, "#!/usr/local/bin/node"));
  await chmod(program, 0o755);
}

interface Contents {
  readonly root: string;
  readonly rootfs: string;
  readonly name: string;
  readonly runtime: "node" | "bun";
  /** Of the packages in it. */
  readonly folders: readonly string[];
}

/** Writes what the image is made of, and on which terms. */
async function describe({ root, rootfs, name, runtime, folders }: Contents): Promise<void> {
  const own = await readManifest(root);
  const packages = await Promise.all(folders.map(readManifest));
  const platform = await readManifest(join(root, "node_modules", runtime));
  const parts: Component[] = [{ ...asComponent(platform), type: "platform" }, ...packages.map(asComponent)];
  const sbom = join(rootfs, HOME, "sbom.cdx.json");
  await mkdir(dirname(sbom), { recursive: true });
  await writeFile(sbom, sbomOf({ ...asComponent(own), name, type: "application" }, parts));
  await copyLicenses([root, ...folders], join(rootfs, "usr/share/doc"));
}

function asComponent({ name, version, license }: Manifest): Component {
  return { type: "library", name, version, license };
}
