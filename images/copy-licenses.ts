import { copyFile, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { readManifest } from "./manifest.ts";

/** Copies the terms of each package to where Debian has those of its own: whoever looks finds all in one place. */
export async function copyLicenses(folders: readonly string[], target: string): Promise<void> {
  for (const folder of folders) {
    const { name } = await readManifest(folder);
    const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file));
    await mkdir(join(target, name), { recursive: true });
    for (const file of files) await copyFile(join(folder, file), join(target, name, file));
  }
}
