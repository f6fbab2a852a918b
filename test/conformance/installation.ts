import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cacheRoot } from "../../tools/cache-root.ts";
import { clientSource, type LanguageName, languages } from "./languages.ts";

/** Written last, so that an installation that was interrupted is not taken for a whole one. */
const MARKER = ".complete";

/** The folder of one language's client: outside the checkout, and named after what it is made from. */
export function installationFolder(language: LanguageName): string {
  const hash = createHash("sha256");
  for (const source of languages[language].sources) hash.update(readFileSync(clientSource(source)));
  return join(cacheRoot(process.env), "conformance", `${language}-${hash.digest("hex").slice(0, 12)}`);
}

export const installationMarker = (folder: string): string => join(folder, MARKER);

export function isInstalled(language: LanguageName): boolean {
  return languages[language].sources.length === 0 || existsSync(installationMarker(installationFolder(language)));
}
