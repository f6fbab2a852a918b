import { z } from "zod";
import { canonicalAudience } from "../identity/audience.ts";
import { namespacedMetaSchema } from "../identity/object-meta.ts";
import type { ProtectedResource } from "../identity/protected-resource.ts";
import { type Refusal, refusals } from "../identity/reasons.ts";
import type { Kind } from "./kind.ts";
import { protectedResources } from "./kinds.ts";
import { isUsable, stored, type Unusable } from "./stored.ts";

/** A ProtectedResource that breaks a rule, with the audiences that could be read: they stay its own, so that no other takes them. */
export interface UnusableResource extends Unusable {
  readonly metadata: ProtectedResource["metadata"];
  readonly audiences: readonly string[];
}

export type StoredResource = ProtectedResource | UnusableResource;

export const storedResources: Kind<StoredResource> = {
  ...protectedResources,
  parse(object) {
    const read = stored(protectedResources).parse(object);
    if (isUsable(read)) return read;
    return { ...read, metadata: namespacedMetaSchema.parse(read.metadata), audiences: audiencesIn(object) };
  },
};

export function isUsableResource(resource: StoredResource): resource is ProtectedResource {
  return !("unusable" in resource);
}

/** The audiences that a resource names, in the spelling that they are compared in. */
export function audiencesOf(resource: StoredResource): string[] {
  const audiences = isUsableResource(resource) ? resource.spec.audiences : resource.audiences;
  return [...new Set(audiences.map(canonicalAudience))];
}

/** What is wrong with it is its owner's to read, in its Ready condition; for others there is the log. */
export function resourceUnusable({ metadata, unusable }: UnusableResource): Refusal {
  return refusals.ResourceUnusable(`${metadata.namespace}/${metadata.name}`, unusable);
}

const listed = z.object({ audiences: z.array(z.unknown()) });
const written = z.object({ spec: listed });
const owned = z.object({ status: listed });

/** Those of the spec; where it lists none, those that the operator last wrote down as owned. */
function audiencesIn(object: unknown): string[] {
  const fromSpec = written.safeParse(object);
  if (fromSpec.success) return texts(fromSpec.data.spec.audiences);
  const fromStatus = owned.safeParse(object);
  return fromStatus.success ? texts(fromStatus.data.status.audiences) : [];
}

const texts = (values: readonly unknown[]): string[] => values.filter((value) => typeof value === "string");
