import { annotations } from "../../identity/names.ts";
import { readSecretFiles } from "../../identity/secret-files.ts";
import type { Problem } from "../../identity/validate.ts";
import type { Manifest } from "../../kube/api.ts";
import { valueAt } from "./value-at.ts";

/** Annotations, and where in a manifest they stand. */
export interface Annotated {
  readonly path: readonly string[];
  readonly written: Readonly<Record<string, string>>;
}

const own = ["metadata", "annotations"];
const template = ["spec", "template", ...own];
const jobTemplate = ["spec", "jobTemplate", ...template];

/** The annotations of an object that was checked, and those that it gives its pods. */
export function annotatedIn(manifest: Manifest): Annotated[] {
  return [own, ...podPaths(manifest)].flatMap((path) => {
    const written = valueAt(manifest, path) as Annotated["written"] | undefined;
    return written === undefined ? [] : [{ path, written }];
  });
}

function podPaths({ apiVersion, kind }: Manifest): readonly (readonly string[])[] {
  const hasPods = ["apps/v1", "batch/v1"].includes(apiVersion);
  if (!hasPods) return [];
  return [kind === "CronJob" ? jobTemplate : template];
}

/** What has a pod refused in a cluster: a program that misses its password is not started. */
export function podAnnotationProblems(manifest: Manifest): Problem[] {
  const ofPods = manifest.kind === "Pod" ? [own] : podPaths(manifest);
  return annotatedIn(manifest)
    .filter(({ path }) => ofPods.includes(path))
    .flatMap(({ path, written }) => secretFilesProblem(written[annotations.secretFiles], path, manifest));
}

function secretFilesProblem(value: string | undefined, path: readonly string[], { metadata }: Manifest): Problem[] {
  if (value === undefined) return [];
  const read = readSecretFiles(value, metadata.namespace ?? "default");
  return read.kind === "problem" ? [{ path: [...path, annotations.secretFiles], message: read.message }] : [];
}
