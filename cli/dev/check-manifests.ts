import { annotationWarnings } from "../../identity/annotation-warnings.ts";
import { API_GROUP, API_VERSION } from "../../identity/names.ts";
import { didYouMean } from "../../identity/nearest-name.ts";
import { validateObject } from "../../identity/validate.ts";
import type { Manifest } from "../../kube/api.ts";
import type { Kind } from "../../kube/kind.ts";
import { allKinds, events } from "../../kube/kinds.ts";
import { formatProblem } from "./format-problem.ts";
import type { LocatedManifest, Path, Problem } from "./manifest-file.ts";

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
  const checked = checkFields(kind, withNamespace(kind, located.manifest), located);
  if (checked.kind === "invalid") return { ...nothing, problems: checked.problems };
  return { ...nothing, accepted: [{ kind, manifest: checked.manifest, located }], warnings: warningsOf(located) };
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

type CheckedFields =
  | { readonly kind: "valid"; readonly manifest: Manifest }
  | { readonly kind: "invalid"; readonly problems: readonly Problem[] };

/** Of a kind of ours the manifest comes back with its defaults, as from an API server. */
function checkFields(kind: Kind, manifest: Manifest, located: LocatedManifest): CheckedFields {
  const unquoted = notStrings(manifest.metadata.annotations).map((key) => located.problem(...notQuoted(key)));
  if (unquoted.length > 0) return { kind: "invalid", problems: unquoted };
  if (kind.apiVersion !== API_VERSION) return { kind: "valid", manifest };
  const validation = validateObject(kind.kind, manifest);
  const problems = validation.kind === "invalid" ? validation.problems : systemAssignedByHand(manifest);
  if (validation.kind === "valid" && problems.length === 0) return { kind: "valid", manifest: validation.object };
  return { kind: "invalid", problems: problems.map(({ path, message }) => located.problem(path, message)) };
}

function notQuoted(annotation: string): [path: Path, message: string] {
  return [
    ["metadata", "annotations", annotation],
    'an annotation is a string: put the value in quotes, such as "true"',
  ];
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
