import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { cacheRoot } from "../tools/cache-root.ts";
import { fixAttributes } from "./fix-attributes.ts";

/** The context of an image, which is slow to fill: filled once on this machine, outside the checkout. */
export interface Gathered {
  readonly name: string;
  /** Changes with what it is made from. */
  readonly key: string;
  /** Holds `rootfs`, once it is filled. */
  readonly folder: string;
  readonly gather: (rootfs: string) => Promise<void>;
}

/** `source` stands for all that is gathered from, but for the release of the operating system. */
export function defineGathered(name: string, source: string, gather: Gathered["gather"]): Gathered {
  const release = existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : "";
  const key = createHash("sha256").update(`${source}\n${release}\n${process.arch}`).digest("hex").slice(0, 12);
  return { name, key, folder: join(cacheRoot(process.env), "images", `${name}-${key}`), gather };
}

/** Whole or not at all: what was interrupted is not taken for filled. */
export async function fillGathered({ folder, gather }: Gathered): Promise<void> {
  if (existsSync(folder)) return;
  const unfinished = `${folder}.${process.pid}`;
  const rootfs = join(unfinished, "rootfs");
  try {
    await mkdir(rootfs, { recursive: true });
    await gather(rootfs);
    await fixAttributes(rootfs);
    await rename(unfinished, folder);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}
