import { readFileSync } from "node:fs";
import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { runCommand } from "../tools/run-command.ts";
import { unpackDebian } from "./debian-files.ts";
import { commandsOf, type Engine } from "./engine.ts";
import { defineGathered, fillGathered, type Gathered } from "./gathered.ts";

/** What the public distroless image for C++ programs holds. */
const packages = ["base-files", "netbase", "tzdata", "ca-certificates", "libc6", "libgcc-s1", "libstdc++6"];
const node = join(import.meta.dirname, "../node_modules/node");
/** What they are made of is said here, and by npm. */
const source = readFileSync(import.meta.filename, "utf8");

export const localBase = defineGathered("base", source, async (rootfs) => {
  await unpackDebian(packages, rootfs);
  await writeCertificates(rootfs);
  const users = "root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532::/home/nonroot:/sbin/nologin\n";
  await writeFile(join(rootfs, "etc/passwd"), users);
  await writeFile(join(rootfs, "etc/group"), "root:x:0:\nnonroot:x:65532:\n");
});

/** Node as npm brings it, with the library that no minimal base has. */
export const localNode = defineGathered(
  "node",
  source + readFileSync(join(node, "package.json"), "utf8"),
  async (rootfs) => {
    await unpackDebian(["libatomic1"], rootfs);
    const program = join(rootfs, "usr/local/bin/node");
    await mkdir(dirname(program), { recursive: true });
    await copyFile(join(node, "bin/node"), program);
  },
);

/** The name of a gathered image in the engine. */
export function localTag({ name, key }: Gathered): string {
  return `localhost/lanyard/${name}:${key}`;
}

/** Makes the image known to the engine. */
export async function provide(base: Gathered, engine: Engine): Promise<void> {
  await fillGathered(base);
  const dockerfile = join(import.meta.dirname, "local.Dockerfile");
  const request = { dockerfile, context: base.folder, tag: localTag(base), arguments: {} };
  await runCommand(commandsOf(engine).build(request));
}

/** What the package's own script would write. */
async function writeCertificates(rootfs: string): Promise<void> {
  const folder = join(rootfs, "usr/share/ca-certificates/mozilla");
  const files = (await readdir(folder)).sort().map((file) => readFile(join(folder, file), "utf8"));
  const bundle = join(rootfs, "etc/ssl/certs/ca-certificates.crt");
  await mkdir(dirname(bundle), { recursive: true });
  await writeFile(bundle, (await Promise.all(files)).join(""));
}
