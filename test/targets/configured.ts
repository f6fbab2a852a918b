import { readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";

/** Copies a configuration file of an example into a folder, with this run's ports and paths in place of those written there. */
export async function copyConfigured(
  file: string,
  folder: string,
  replacements: Readonly<Record<string, string>>,
): Promise<void> {
  let text = await readFile(file, "utf8");
  for (const [written, actual] of Object.entries(replacements)) {
    if (!text.includes(written)) throw new Error(`${file} has no ${written} to replace`);
    text = text.replaceAll(written, actual);
  }
  await writeFile(join(folder, basename(file)), text);
}
