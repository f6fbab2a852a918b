import { existsSync } from "node:fs";
import { join } from "node:path";
import { unpackDebian } from "../../images/debian-files.ts";
import { cacheRoot } from "../../tools/cache-root.ts";
import { findTool } from "../../tools/find-tool.ts";
import { fillOnce } from "../../tools/go-build.ts";

/** The machine's own promtool, else that of Debian's package `prometheus`, fetched once; undefined where neither is to be had. */
export async function findPromtool(): Promise<string | undefined> {
  const installed = findTool("promtool");
  if (installed !== undefined || findTool("apt-get") === undefined) return installed;
  const folder = join(cacheRoot(process.env), "promtool");
  if (!existsSync(folder)) await fillOnce(folder, (unfinished) => unpackDebian(["prometheus"], unfinished));
  return join(folder, "usr/bin/promtool");
}
