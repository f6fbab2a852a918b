import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
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

export const authlibRequirements = join(import.meta.dirname, "rfc9068/requirements.txt");
export const authlibFolder = join(cache, `authlib-${hashOfFile(authlibRequirements)}`);

const springFolder = join(examples, "spring-boot");
export const springPom = join(springFolder, "pom.xml");
const springSources = join(springFolder, "src");
export const springBuild = join(cache, `spring-boot-${hashOfFiles([springPom, ...filesBelow(springSources)])}`);

export const programs = {
  goService: join(goFolder, "service"),
  goClient: join(goFolder, "client"),
  python: join(pythonFolder, "bin/python"),
  authlib: join(authlibFolder, "bin/python"),
  vault: join(vaultFolder, "vault"),
  java: findTool("java") ?? "/usr/bin/java",
  springJar: join(springBuild, "ledger.jar"),
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
  return hashOfFiles([file]);
}

function hashOfFiles(files: readonly string[]): string {
  const hash = createHash("sha256");
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest("hex").slice(0, 12);
}

function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((file) => join(file.parentPath, file.name)).sort();
}
