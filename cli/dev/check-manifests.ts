import { annotationWarnings } from "../../identity/annotation-warnings.ts";
import { API_GROUP, API_VERSION } from "../../identity/names.ts";
import { didYouMean } from "../../identity/nearest-name.ts";
import { validateObject } from "../../identity/validate.ts";
import type { Manifest } from "../../kube/api.ts";
import type { Kind } from "../../kube/kind.ts";
import { allKinds, events } from "../../kube/kinds.ts";
import { formatProblem } from "./format-problem.ts";
import type { LocatedManifest, Problem } from "./manifest-file.ts";

/** A manifest that may be applied, with the namespace that `kubectl apply` would give it. */
export interface AcceptedManifest {
  readonly kind: Kind;
  readonly manifest: Manifest;
  readonly located: LocatedManifest;
}

export interface CheckedManifests {
  readonly accepted: readonly AcceptedManifest[];
  readonly problems: readonly Problem[];
  /** Objects of kinds that an identity plane has no use for, such as Services: `v1 Service shop/orders`. */
  readonly ignored: readonly string[];
  /** What an admission webhook would warn of, such as a misspelt annotation: `app.yaml:7:5: …`. */
  readonly warnings: readonly string[];
}

const knownKinds = allKinds.filter((kind) => kind !== events);
const lanyardKinds = knownKinds.filter((kind) => kind.apiVersion === API_VERSION).map((kind) => kind.kind);

/** Decides which manifests `lanyard dev` applies. One problem anywhere, and the caller applies none. */
export function checkManifests(manifests: readonly LocatedManifest[]): CheckedManifests {
  const checked = manifests.map(checkOne);
  const accepted = checked.flatMap((one) => one.accepted);
  return {
    accepted,
    problems: [...checked.flatMap((one) => one.problems), ...duplicates(accepted)],
    ignored: checked.flatMap((one) => one.ignored),
    warnings: checked.flatMap((one) => one.warnings),
  };
}

function checkOne(located: LocatedManifest): CheckedManifests {
  const { apiVersion, kind: name } = located.manifest;
  const kind = knownKinds.find((known) => known.kind === name && known.apiVersion === apiVersion);
  if (kind === undefined) return unknownKind(located);
  const manifest = withNamespace(kind, located.manifest);
  const problems = problemsOf({ kind, manifest, located });
  if (problems.length > 0) return { ...nothing, problems };
  return { ...nothing, accepted: [{ kind, manifest, located }], warnings: warningsOf(located) };
}

function warningsOf({ manifest, problem }: LocatedManifest): string[] {
  const annotated = manifest.metadata.annotations as Readonly<Record<string, string>> | undefined;
  return annotationWarnings(annotated ?? {}).map(({ key, message }) =>
    formatProblem(problem(["metadata", "annotations", key], message)),
  );
}

const nothing: CheckedManifests = { accepted: [], problems: [], ignored: [], warnings: [] };

function unknownKind(located: LocatedManifest): CheckedManifests {
  const { apiVersion, kind } = located.manifest;
  if (!apiVersion.startsWith(`${API_GROUP}/`)) return { ...nothing, ignored: [objectText(located.manifest)] };
  if (apiVersion !== API_VERSION) {
    return { ...nothing, problems: [located.problem(["apiVersion"], `expected ${API_VERSION}, got ${apiVersion}`)] };
  }
  const message = `${API_GROUP} has no kind "${kind}".${didYouMean(kind, lanyardKinds)} It has ${lanyardKinds.join(", ")}.`;
  return { ...nothing, problems: [located.problem(["kind"], message)] };
}

function withNamespace(kind: Kind, manifest: Manifest): Manifest {
  const { namespace, ...metadata } = manifest.metadata;
  return { ...manifest, metadata: kind.namespaced ? { ...metadata, namespace: namespace ?? "default" } : metadata };
}

function problemsOf({ kind, manifest, located }: AcceptedManifest): Problem[] {
  const annotations = notStrings(manifest.metadata.annotations).map((key) =>
    located.problem(
      ["metadata", "annotations", key],
      'an annotation is a string: put the value in quotes, such as "true"',
    ),
  );
  if (annotations.length > 0 || kind.apiVersion !== API_VERSION) return annotations;
  const validation = validateObject(kind.kind, manifest);
  const invalid = validation.kind === "invalid" ? validation.problems : systemAssignedByHand(manifest);
  return invalid.map(({ path, message }) => located.problem(path, message));
}

/** In a cluster the API server refuses this (only the operator may make one); on a laptop nobody else would. */
function systemAssignedByHand({ kind, spec }: Manifest): { path: string[]; message: string }[] {
  const type = typeof spec === "object" && spec !== null && "type" in spec ? spec.type : undefined;
  if (kind !== "ManagedIdentity" || type !== "SystemAssigned") return [];
  const message = `only the operator makes a SystemAssigned identity: annotate the workload with ${API_GROUP}/system-assigned: "true"`;
  return [{ path: ["spec", "type"], message }];
}

function notStrings(map: unknown): string[] {
  if (typeof map !== "object" || map === null) return [];
  return Object.entries(map).flatMap(([key, value]) => (typeof value === "string" ? [] : [key]));
}

function duplicates(accepted: readonly AcceptedManifest[]): Problem[] {
  const first = new Map<string, AcceptedManifest>();
  return accepted.flatMap((one) => {
    const text = objectText(one.manifest);
    const earlier = first.get(text);
    if (earlier === undefined) {
      first.set(text, one);
      return [];
    }
    const { file, line } = earlier.located.problem(["metadata", "name"], "");
    return [one.located.problem(["metadata", "name"], `${text} is already defined at ${file}:${line}`)];
  });
}

/** `lanyard.dev/v1alpha1 ManagedIdentity shop/orders`. */
export function objectText({ apiVersion, kind, metadata }: Manifest): string {
  const { namespace, name } = metadata;
  return `${apiVersion} ${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}
