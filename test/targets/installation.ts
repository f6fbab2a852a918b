import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cacheRoot } from "../../tools/cache-root.ts";
import { findTool } from "../../tools/find-tool.ts";
import { type GoModule, hashOf } from "../../tools/go-build.ts";
import { examples } from "./plane.ts";

/** Where the programs of the targets are: outside the checkout, in folders named after what they are made from. */
const cache = join(cacheRoot(process.env), "targets");

export const goExamples: GoModule = { sources: join(examples, "go"), linkerFlags: "-s -w" };
export const goFolder = join(cache, `go-${hashOf(goExamples)}`);

/** Vault without its plugins for clouds and databases, which nobody needs here and which take most of the time. */
export const vaultModule: GoModule = {
  sources: join(import.meta.dirname, "vault"),
  linkerFlags: "-s -w",
  tags: "minimal",
};
export const vaultFolder = join(cache, `vault-${hashOf(vaultModule)}`);

export const requirements = join(examples, "python/requirements.txt");
export const pythonFolder = join(cache, `python-${hashOfFile(requirements)}`);

export const programs = {
  goService: join(goFolder, "service"),
  goClient: join(goFolder, "client"),
  python: join(pythonFolder, "bin/python"),
  vault: join(vaultFolder, "vault"),
  /** Debian's folder for it is not in the PATH of everybody. */
  nginx: findTool("nginx") ?? "/usr/sbin/nginx",
  /** Not the one in the PATH, which insists on Debian's own directories and user. */
  rabbitmq: "/usr/lib/rabbitmq/bin/rabbitmq-server",
  epmd: findTool("epmd") ?? "/usr/bin/epmd",
} as const;

/** Debian packages, and a file by which one sees that it is there. */
export const debianPackages: Readonly<Record<string, string>> = {
  nginx: programs.nginx,
  "rabbitmq-server": programs.rabbitmq,
};

export function missingPackages(): readonly string[] {
  return Object.entries(debianPackages).flatMap(([name, file]) => (existsSync(file) ? [] : [name]));
}

function hashOfFile(file: string): string {
  return createHash("sha256").update(readFileSync(file)).digest("hex").slice(0, 12);
}
