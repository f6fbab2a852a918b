import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

const root = fileURLToPath(new URL("../../", import.meta.url));

const reportSchema = z.object({
  diagnostics: z.array(
    z.object({ category: z.string(), message: z.string(), location: z.object({ path: z.string() }) }),
  ),
});

/** What lint says of a file: the rule, without its group, and the sentence. */
export interface Finding {
  readonly rule: string;
  readonly message: string;
}

/** Lints files that exist only here, by the repository's own configuration; findings by file. */
export function lint(files: Readonly<Record<string, string>>): ReadonlyMap<string, readonly Finding[]> {
  const folder = mkdtempSync(join(tmpdir(), "lanyard-lint-"));
  try {
    cpSync(join(root, "biome.json"), join(folder, "biome.json"));
    cpSync(join(root, "test/lint"), join(folder, "test/lint"), { recursive: true });
    for (const [path, text] of Object.entries(files)) write(join(folder, path), text);
    return findingsByFile(runBiome(folder, Object.keys(files)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** Biome's exit code says that there are findings, which is what is looked for: its report comes all the same. */
function runBiome(folder: string, paths: readonly string[]): string {
  const biome = join(root, "node_modules/.bin/biome");
  const command = `"$0" lint --reporter=json --max-diagnostics=none "$@" 2>&1 || true`;
  return execFileSync("sh", ["-c", command, biome, ...paths], { cwd: folder, encoding: "utf8", maxBuffer: 2 ** 26 });
}

/** The report is one line of JSON among remarks for people. */
function findingsByFile(output: string): ReadonlyMap<string, readonly Finding[]> {
  const report = output.split("\n").find((line) => line.startsWith('{"summary"'));
  if (report === undefined) throw new Error(`Biome gave no report: ${output}`);
  const end = report.lastIndexOf("}") + 1;
  const { diagnostics } = reportSchema.parse(JSON.parse(report.slice(0, end)));
  return Map.groupBy(
    diagnostics.map(({ category, message, location }) => ({
      path: location.path,
      rule: category.split("/").at(-1) ?? category,
      message,
    })),
    ({ path }) => path,
  );
}
