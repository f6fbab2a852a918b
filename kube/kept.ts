import {
  annotations,
  labels,
  MIRROR_POD_ANNOTATION,
  managedByLanyard,
  OPENSHIFT_USER_RANGE,
  resourceAnnotations,
} from "../identity/names.ts";
import type { ObjectMeta } from "../identity/object-meta.ts";
import type { Kind, KubeObject } from "./kind.ts";

/** What a cache keeps of one object's metadata, so that 10,000 objects as large as the API server takes them cost little. */
export const keptLimits = {
  annotationCharacters: 1_024,
  podLabelCharacters: 1_024,
  owners: 8,
  finalizers: 8,
} as const;

const readAnnotations: readonly string[] = [
  ...Object.values(annotations),
  ...resourceAnnotations.map(({ key }) => key),
  MIRROR_POD_ANNOTATION,
  OPENSHIFT_USER_RANGE,
];
const readLabels: readonly string[] = [...Object.values(labels), ...Object.keys(managedByLanyard)];
/** In place of a value without sense: it is no name, no switch and no quantity, so that it is refused as any wrong value is. */
const TOO_LONG = "(too long)";

/** A kind for a cache that only reads: of its objects' metadata what decisions need is kept, and that is bounded. */
export function kept<T extends KubeObject>(kind: Kind<T>): Kind<T> {
  return {
    ...kind,
    parse(object) {
      const parsed = kind.parse(object);
      return { ...parsed, metadata: keptMeta(kind.kind, parsed.metadata) };
    },
  };
}

/** Whether a cached pod has all its labels: beyond a limit some are left out, and must be read from the API. */
export function hasAllLabels({ metadata }: { readonly metadata: ObjectMeta }): boolean {
  return !("lacksLabels" in metadata);
}

/** A kind of which only the metadata is needed. */
export function metadataOnly<T extends KubeObject>(kind: Kind<T>): Kind<KubeObject> {
  return {
    ...kind,
    parse(object) {
      const { apiVersion, kind: name, metadata } = kind.parse(object);
      return { apiVersion, kind: name, metadata: keptMeta(name, metadata) };
    },
  };
}

function keptMeta<M extends ObjectMeta>(kind: string, given: M): M {
  const { labels: all = {}, annotations: written = {}, ownerReferences, finalizers }: ObjectMeta = given;
  const isPod = kind === "Pod";
  // Conditions may ask for any label of a pod. Those that Lanyard reads itself come first.
  const wanted = isPod ? [...new Set([...readLabels, ...Object.keys(all)])] : readLabels;
  const keptLabels = fitting(all, wanted, keptLimits.podLabelCharacters);
  const lacksLabels = isPod && Object.keys(keptLabels ?? {}).length < Object.keys(all).length;
  return {
    ...given,
    managedFields: undefined,
    annotations: fitting(written, readAnnotations, keptLimits.annotationCharacters),
    labels: keptLabels,
    ...(lacksLabels ? { lacksLabels } : {}),
    ...(ownerReferences === undefined ? {} : { ownerReferences: few(ownerReferences) }),
    ...(finalizers === undefined ? {} : { finalizers: finalizers.slice(0, keptLimits.finalizers) }),
  };
}

/** The controller first: it is the one owner that decides anything. */
function few(owners: NonNullable<ObjectMeta["ownerReferences"]>): NonNullable<ObjectMeta["ownerReferences"]> {
  if (owners.length <= keptLimits.owners) return owners;
  const controllers = owners.filter(({ controller }) => controller === true);
  const others = owners.filter(({ controller }) => controller !== true);
  return [...controllers, ...others].slice(0, keptLimits.owners);
}

function fitting(
  all: Readonly<Record<string, string>>,
  keys: readonly string[],
  most: number,
): Record<string, string> | undefined {
  const kept: [string, string][] = [];
  let left = most;
  for (const key of keys.filter((each) => Object.hasOwn(all, each))) {
    const value = all[key] ?? "";
    const size = key.length + value.length;
    if (size <= left) kept.push([key, value]);
    else if (annotationKeys.has(key)) kept.push([key, TOO_LONG]);
    left -= size <= left ? size : 0;
  }
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

const annotationKeys: ReadonlySet<string> = new Set(readAnnotations);
