import { z } from "zod";
import { namespaceNameSchema } from "../../identity/dns-name.ts";
import { issueInWords } from "../../identity/issue-words.ts";
import { API_GROUP, API_VERSION } from "../../identity/names.ts";
import { metadataProblems, type Problem, type Validation, validateObject } from "../../identity/validate.ts";
import type { Manifest } from "../../kube/api.ts";
import type { Kind } from "../../kube/kind.ts";
import { namespaces } from "../../kube/kinds.ts";
import { podAnnotationProblems } from "./pod-annotations.ts";
import { valueAt } from "./value-at.ts";

/** Checks an object of a known kind as the API server would. One of Lanyard's kinds comes back with its defaults. */
export function checkFields(kind: Kind, manifest: Manifest): Validation | { kind: "valid"; object: Manifest } {
  if (kind.apiVersion === API_VERSION) return checkOurs(kind, manifest);
  for (const problemsOf of [metadataProblems, namespaceNameProblems, readProblems, podAnnotationProblems]) {
    const problems = problemsOf(manifest, kind);
    if (problems.length > 0) return { kind: "invalid", problems };
  }
  return { kind: "valid", object: manifest };
}

function checkOurs(kind: Kind, manifest: Manifest): Validation {
  const byHand = systemAssignedByHand(manifest);
  return byHand.length > 0 ? { kind: "invalid", problems: byHand } : validateObject(kind.kind, manifest);
}

/** In a cluster the API server refuses this (only the operator may make one); on a laptop nobody else would. */
function systemAssignedByHand({ kind, spec }: Manifest): Problem[] {
  const type = typeof spec === "object" && spec !== null && "type" in spec ? spec.type : undefined;
  if (kind !== "ManagedIdentity" || type !== "SystemAssigned") return [];
  const message = `only the operator makes a SystemAssigned identity: annotate the workload with ${API_GROUP}/system-assigned: "true"`;
  return [{ path: ["spec", "type"], message }];
}

/** A namespace's name is shorter than most, and has no dots. */
function namespaceNameProblems({ metadata }: Manifest, kind: Kind): Problem[] {
  const parsed =
    kind === namespaces ? namespaceNameSchema.safeParse(metadata.name, { error: issueInWords }) : undefined;
  return (parsed?.error?.issues ?? []).map(({ message }) => ({ path: ["metadata", "name"], message }));
}

/** Whether Lanyard could read the object, once an API server had completed it. */
function readProblems(manifest: Manifest, kind: Kind): Problem[] {
  const completed = {
    ...manifest,
    metadata: { ...manifest.metadata, uid: "", resourceVersion: "", creationTimestamp: "" },
  };
  try {
    kind.parse(completed);
    return [];
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    return error.issues.map((issue) => readProblem(issue, completed));
  }
}

function readProblem(issue: z.core.$ZodIssue, object: unknown): Problem {
  const path = issue.path.filter((step) => typeof step !== "symbol");
  return { path, message: issueInWords(issue, valueAt(object, path)) };
}
