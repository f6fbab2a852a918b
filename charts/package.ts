/** `make chart`: packs the chart for a release, with the registry of its images and the digest of each. */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parseDocument } from "yaml";
import { findHelm } from "../tools/find-helm.ts";
import { runCommand } from "../tools/run-command.ts";

const usage = `usage: node charts/package.ts --registry HOST/PATH --lanyard sha256:… --sidecar sha256:… [--destination FOLDER]
  --registry            where the images were pushed to
  --lanyard, --sidecar  the digest that the registry gave each image
  --destination         where the packed chart goes; without it dist/
`;
const DIGEST = /^sha256:[0-9a-f]{64}$/;
const root = join(import.meta.dirname, "..");

const { registry, lanyard, sidecar, destination } = parseArgs({
  options: {
    ...{ registry: { type: "string", default: "" }, lanyard: { type: "string", default: "" } },
    ...{ sidecar: { type: "string", default: "" }, destination: { type: "string", default: join(root, "dist") } },
  },
}).values;

async function pack(folder: string): Promise<string> {
  const chart = join(folder, "lanyard");
  await cp(join(import.meta.dirname, "lanyard"), chart, { recursive: true });
  const values = join(chart, "values.yaml");
  const document = parseDocument(await readFile(values, "utf8"));
  document.setIn(["image", "registry"], registry);
  document.setIn(["image", "digest"], lanyard);
  document.setIn(["sidecar", "image", "digest"], sidecar);
  await writeFile(values, document.toString());
  await mkdir(destination, { recursive: true });
  return runCommand([await findHelm(), "package", chart, `--destination=${destination}`]);
}

if (registry === "" || ![lanyard, sidecar].every((digest) => DIGEST.test(digest))) {
  process.stderr.write(`A released chart names its registry, and each image by digest.\n${usage}`);
  process.exitCode = 2;
} else {
  const folder = await mkdtemp(join(tmpdir(), "lanyard-package-"));
  try {
    console.log((await pack(folder)).trim());
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
