import { chmod, copyFile, lutimes, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { buildSidecar } from "../sidecar/build.ts";
import { bundleProgram } from "./bundle.ts";
import { BUILD_SECONDS } from "./engine.ts";
import { type Component, sbomOf } from "./sbom.ts";

/** What an image adds to its base, gathered in one folder that looks like the image's root. */
export type Stage = (root: string, rootfs: string) => Promise<void>;

const HOME = "usr/share/lanyard";

export const stageLanyard: Stage = async (root, rootfs) => {
  const folders = await bundleProgram(root, join(rootfs, HOME, "dist"));
  await mkdir(join(rootfs, "usr/local/bin"), { recursive: true });
  await symlink(`/${HOME}/dist/lanyard.js`, join(rootfs, "usr/local/bin/lanyard"));
  const manifest = await readManifest(root);
  const { name, version, license, type, engines } = manifest;
  await writeFile(join(rootfs, HOME, "package.json"), JSON.stringify({ name, version, license, type, engines }));
  const packages = await Promise.all(folders.map(readManifest));
  await copyLicenses([root, ...folders], [manifest, ...packages], rootfs);
  const node = await platform(root, "node");
  await writeSbom(rootfs, sbomOf(asComponent(manifest), [node, ...packages.map(asComponent)]));
};

/** Bun is in the binary; no package is. */
export const stageSidecar: Stage = async (root, rootfs) => {
  await mkdir(rootfs, { recursive: true });
  buildSidecar(join(rootfs, "lanyard-sidecar"));
  const manifest = await readManifest(root);
  await copyLicenses([root], [manifest], rootfs);
  const sidecar = { ...asComponent(manifest), name: "lanyard-sidecar" };
  await writeSbom(rootfs, sbomOf(sidecar, [await platform(root, "bun")]));
};

/** Fills a folder anew, and gives every file in it the same time, whenever it was made. */
export async function fillStage(stage: Stage, root: string, rootfs: string): Promise<void> {
  await rm(rootfs, { recursive: true, force: true });
  await stage(root, rootfs);
  for (const entry of await readdir(rootfs, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    await lutimes(path, BUILD_SECONDS, BUILD_SECONDS);
    if (entry.isDirectory()) await chmod(path, 0o755);
  }
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly type?: string;
  readonly engines?: object;
}

async function readManifest(folder: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as Manifest;
}

function asComponent({ name, version, license }: Manifest): Component {
  return { type: "library", name, version, license };
}

async function platform(root: string, name: "node" | "bun"): Promise<Component> {
  return { ...asComponent(await readManifest(join(root, "node_modules", name))), type: "platform" };
}

async function writeSbom(rootfs: string, sbom: string): Promise<void> {
  const file = join(rootfs, HOME, "sbom.cdx.json");
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, sbom);
}

/** Where Debian has them too, so that whoever looks for the terms of a part finds those of all. */
async function copyLicenses(folders: readonly string[], owners: readonly Manifest[], rootfs: string): Promise<void> {
  for (const [index, folder] of folders.entries()) {
    const target = join(rootfs, "usr/share/doc", owners[index]?.name ?? "");
    await mkdir(target, { recursive: true });
    const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file));
    for (const file of files) await copyFile(join(folder, file), join(target, file));
  }
}
