import { annotationWarnings } from "../../identity/annotation-warnings.ts";
import type { Manifest } from "../../kube/api.ts";
import { type Kind, keyText } from "../../kube/kind.ts";
import { checkFields } from "./check-fields.ts";
import { checkKind } from "./check-kind.ts";
import { formatProblem } from "./format-problem.ts";
import type { LocatedManifest, Problem } from "./manifest-file.ts";
import { annotatedIn } from "./pod-annotations.ts";

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

const nothing: CheckedManifests = { accepted: [], problems: [], ignored: [], warnings: [] };

function checkOne(located: LocatedManifest): CheckedManifests {
  const checked = checkKind(located.manifest);
  switch (checked.kind) {
    case "notNeeded":
      return { ...nothing, ignored: [objectText(located.manifest)] };
    case "wrong":
      return { ...nothing, problems: [located.problem(checked.problem.path, checked.problem.message)] };
    case "known":
      return checkKnown(checked.known, located);
  }
}

function checkKnown(kind: Kind, located: LocatedManifest): CheckedManifests {
  const checked = checkFields(kind, withNamespace(kind, located.manifest));
  if (checked.kind === "invalid") {
    return { ...nothing, problems: checked.problems.map(({ path, message }) => located.problem(path, message)) };
  }
  return {
    ...nothing,
    accepted: [{ kind, manifest: asWritten(kind, checked.object), located }],
    warnings: warningsOf(located),
  };
}

function withNamespace(kind: Kind, manifest: Manifest): Manifest {
  if (!kind.namespaced || manifest.metadata.namespace !== undefined) return manifest;
  return { ...manifest, metadata: { ...manifest.metadata, namespace: "default" } };
}

/**
 * Without what `kubectl get -o yaml` adds: the UIDs and versions of another cluster mean nothing here, an owner there
 * would be missing here, and nobody here would do what a finalizer waits for.
 */
function asWritten(kind: Kind, { metadata, status: _, ...rest }: Manifest): Manifest {
  const { name, labels, annotations } = metadata;
  const namespace = kind.namespaced ? metadata.namespace : undefined;
  const written = Object.entries({ namespace, labels, annotations }).filter(([, value]) => value !== undefined);
  return { ...rest, metadata: { name, ...Object.fromEntries(written) } };
}

function warningsOf({ manifest, problem }: LocatedManifest): string[] {
  return annotatedIn(manifest).flatMap(({ path, written }) =>
    annotationWarnings(written).map(({ key, message }) => formatProblem(problem([...path, key], message))),
  );
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
function objectText({ apiVersion, kind, metadata }: Manifest): string {
  return `${apiVersion} ${kind} ${keyText(metadata)}`;
}
