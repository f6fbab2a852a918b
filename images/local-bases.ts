import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { cacheRoot } from "../test/support/cache-root.ts";
import { runCommand } from "../test/support/run-command.ts";
import { unpackDebian } from "./debian-files.ts";
import { commandsOf, type Engine } from "./engine.ts";

/** A root file system that is gathered on this machine once, and kept. */
export interface LocalBase {
  readonly tag: string;
  /** Holds `rootfs`. */
  readonly folder: string;
  readonly gather: (rootfs: string) => Promise<void>;
}

/** What the public distroless image for C++ programs holds. */
const packages = ["base-files", "netbase", "tzdata", "ca-certificates", "libc6", "libgcc-s1", "libstdc++6"];
const node = join(import.meta.dirname, "../node_modules/node");

export const localBase = defineLocalBase("base", packages.join(), async (rootfs) => {
  await unpackDebian(packages, rootfs);
  await writeCertificates(rootfs);
  await writeFile(
    join(rootfs, "etc/passwd"),
    "root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532::/home/nonroot:\n",
  );
  await writeFile(join(rootfs, "etc/group"), "root:x:0:\nnonroot:x:65532:\n");
});

/** Node as npm brings it, with the library that no minimal base has. */
export const localNode = defineLocalBase("node", readFileSync(join(node, "package.json"), "utf8"), async (rootfs) => {
  await unpackDebian(["libatomic1"], rootfs);
  const program = join(rootfs, "usr/local/bin/node");
  await mkdir(dirname(program), { recursive: true });
  await copyFile(join(node, "bin/node"), program);
});

/** `source` is what it is made from: another one is another base. */
export function defineLocalBase(name: string, source: string, gather: LocalBase["gather"]): LocalBase {
  const release = existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : "";
  const key = createHash("sha256").update(`${source}\n${release}\n${process.arch}`).digest("hex").slice(0, 12);
  const folder = join(cacheRoot(process.env), "images", `${name}-${key}`);
  return { tag: `localhost/lanyard/${name}:${key}`, folder, gather };
}

/** Makes the image known to the engine. */
export async function provide({ tag, folder, gather }: LocalBase, engine: Engine): Promise<void> {
  if (!existsSync(folder)) await fill(folder, gather);
  const dockerfile = join(import.meta.dirname, "local.Dockerfile");
  await runCommand(commandsOf(engine).build({ dockerfile, context: folder, tag, arguments: {} }));
}

/** Whole or not at all: an interrupted one is not taken for a base. */
async function fill(folder: string, gather: LocalBase["gather"]): Promise<void> {
  const unfinished = `${folder}.${process.pid}`;
  try {
    await mkdir(join(unfinished, "rootfs"), { recursive: true });
    await gather(join(unfinished, "rootfs"));
    await rename(unfinished, folder);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

/** What the package's own script would write. */
async function writeCertificates(rootfs: string): Promise<void> {
  const folder = join(rootfs, "usr/share/ca-certificates/mozilla");
  const files = (await readdir(folder)).sort().map((file) => readFile(join(folder, file), "utf8"));
  const bundle = join(rootfs, "etc/ssl/certs/ca-certificates.crt");
  await mkdir(dirname(bundle), { recursive: true });
  await writeFile(bundle, (await Promise.all(files)).join(""));
}
