import { readFileSync } from "node:fs";
import { delimiter, dirname } from "node:path";
import type { KubeConfig } from "@kubernetes/client-node";

export interface KubeconfigFiles {
  /** One file, which must exist. */
  readonly kubeconfig?: string | undefined;
  /** The value of KUBECONFIG: files of which some may be missing. */
  readonly list?: string | undefined;
}

/**
 * Loads the files of a kubeconfig as kubectl does: of the list in KUBECONFIG, missing files are skipped, and the first
 * file that has a name or a current context wins. Throws an Error that names the file.
 * https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/#merging-kubeconfig-files
 */
export function loadKubeconfig(create: () => KubeConfig, { kubeconfig, list }: KubeconfigFiles): KubeConfig {
  if (kubeconfig !== undefined) return readOne(create(), kubeconfig, readFileSync(kubeconfig, "utf8"));
  const config = create();
  const files = [...new Set((list ?? "").split(delimiter).filter((file) => file !== ""))];
  if (files.length === 0) {
    config.loadFromDefault();
    return config;
  }
  const found = files.flatMap((file) => {
    const text = textOf(file);
    return text === undefined ? [] : [readOne(create(), file, text)];
  });
  if (found.length === 0) throw new Error(`KUBECONFIG names no file that exists: ${files.join(", ")}.`);
  return merged(config, found);
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function readOne(config: KubeConfig, file: string, text: string): KubeConfig {
  const written = text.replace(/^\uFEFF/, "");
  try {
    // An empty file is an empty kubeconfig.
    config.loadFromString(written.trim() === "" ? "{}" : written);
  } catch (error) {
    throw new Error(`${file} is not a kubeconfig: ${error instanceof Error ? error.message : String(error)}`);
  }
  config.makePathsAbsolute(dirname(file));
  return config;
}

function merged(config: KubeConfig, parts: readonly KubeConfig[]): KubeConfig {
  config.loadFromOptions({
    clusters: firstOfEachName(parts.flatMap((part) => part.getClusters())),
    users: firstOfEachName(parts.flatMap((part) => part.getUsers())),
    contexts: firstOfEachName(parts.flatMap((part) => part.getContexts())),
    currentContext: parts.map((part) => part.getCurrentContext()).find((name) => name) ?? "",
  });
  return config;
}

function firstOfEachName<T extends { readonly name: string }>(entries: readonly T[]): T[] {
  const names = new Set<string>();
  return entries.filter(({ name }) => !names.has(name) && names.add(name).size > 0);
}
