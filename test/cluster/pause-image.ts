import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "../../tools/run-command.ts";
import { ctr } from "./ctr.ts";
import { folders, PAUSE_IMAGE } from "./layout.ts";

const architectures: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };

/**
 * Makes an image of one static program, and gives it to containerd: no registry is asked. The file is of the kind that
 * `docker save` writes. https://github.com/moby/docker-image-spec
 */
export async function importPauseImage(program: string): Promise<void> {
  const folder = join(folders.run, "pause-image");
  await mkdir(folder, { recursive: true });
  await copyFile(program, join(folder, "pause"));
  await runCommand(["tar", "--create", "--file=layer.tar", "--owner=0", "--group=0", "pause"], { cwd: folder });
  const digest = createHash("sha256")
    .update(await readFile(join(folder, "layer.tar")))
    .digest("hex");
  await writeFile(join(folder, "config.json"), JSON.stringify(imageConfig(digest)));
  const manifest = [{ Config: "config.json", RepoTags: [PAUSE_IMAGE], Layers: ["layer.tar"] }];
  await writeFile(join(folder, "manifest.json"), JSON.stringify(manifest));
  const files = ["manifest.json", "config.json", "layer.tar"];
  await runCommand(["tar", "--create", "--file=image.tar", ...files], { cwd: folder });
  await ctr("images", "import", join(folder, "image.tar"));
}

function imageConfig(layerDigest: string): object {
  return {
    architecture: architectures[process.arch] ?? process.arch,
    os: "linux",
    config: { Entrypoint: ["/pause"], User: "65535:65535" },
    rootfs: { type: "layers", diff_ids: [`sha256:${layerDigest}`] },
  };
}
