import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { type ParsedFile, type Problem, parseManifestFile } from "./manifest-file.ts";

/** Hidden files are an editor's own: Emacs locks `app.yaml` by a link named `.#app.yaml` that leads nowhere. */
const manifestFile = /^[^.].*\.(ya?ml|json)$/i;
const LARGEST_FILE_BYTES = 5 * 1024 * 1024;

/** Reads FILE or DIR arguments as `kubectl apply -f` does: of a directory the manifests in it, not in its subdirectories. */
export async function readManifestFiles(paths: readonly string[]): Promise<ParsedFile> {
  const read = await Promise.all(paths.map(readPath));
  const files = read.flat();
  return {
    manifests: files.flatMap(({ manifests }) => manifests),
    problems: files.flatMap(({ problems }) => problems),
  };
}

async function readPath(path: string): Promise<ParsedFile[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [await readOne(path)];
    const names = (await readdir(path)).filter((name) => manifestFile.test(name)).sort();
    return await Promise.all(names.map((name) => readOne(join(path, name))));
  } catch (error) {
    return [failure(path, (error as NodeJS.ErrnoException).code)];
  }
}

async function readOne(file: string): Promise<ParsedFile> {
  try {
    const { size } = await stat(file);
    if (size > LARGEST_FILE_BYTES) return failure(file, "EFBIG");
    return parseManifestFile(file, await readFile(file, "utf8"));
  } catch (error) {
    return failure(file, (error as NodeJS.ErrnoException).code);
  }
}

const causes: Readonly<Record<string, string>> = {
  ENOENT: "no such file or directory",
  EACCES: "permission denied",
  EISDIR: "a directory, not a file",
  EFBIG: `larger than ${LARGEST_FILE_BYTES} bytes, so it is no manifest`,
};

function failure(file: string, code: string | undefined): ParsedFile {
  const message = causes[code ?? ""] ?? `cannot be read (${code ?? "unknown error"})`;
  const problem: Problem = { file, field: "", message };
  return { manifests: [], problems: [problem] };
}
