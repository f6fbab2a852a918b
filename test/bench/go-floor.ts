import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { cacheRoot } from "../../tools/cache-root.ts";
import { runCommand } from "../../tools/run-command.ts";

const SOURCES = join(import.meta.dirname, "go-floor");

/** The binary of go-floor/, built once for each state of its sources and kept outside the checkout. */
export async function goFloor(): Promise<string> {
  const binary = join(cacheRoot(process.env), "bench", `go-floor-${hashOf(SOURCES)}`);
  if (existsSync(binary)) return binary;
  const unfinished = `${binary}.${process.pid}`;
  await runCommand(["go", "build", "-trimpath", "-ldflags", "-s -w", "-o", unfinished, "."], {
    cwd: SOURCES,
    env: { ...process.env, CGO_ENABLED: "0" },
  });
  await rename(unfinished, binary);
  return binary;
}

function hashOf(folder: string): string {
  const hash = createHash("sha256");
  for (const file of readdirSync(folder).sort()) hash.update(file).update(readFileSync(join(folder, file)));
  return hash.digest("hex").slice(0, 12);
}
