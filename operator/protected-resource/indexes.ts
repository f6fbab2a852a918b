import { canonicalAudience } from "../../identity/audience.ts";
import type { ProtectedResource } from "../../identity/protected-resource.ts";
import { isUsable, type Stored } from "../../kube/stored.ts";

/** The audiences of a resource, in the spelling that they are compared in. */
export function audiencesOf(resource: Stored<ProtectedResource>): readonly string[] {
  return isUsable(resource) ? resource.spec.audiences.map(canonicalAudience) : [];
}

export const protectedResourceIndexes = {
  audience: audiencesOf,
  namespace: ({ metadata }: Stored<ProtectedResource>) =>
    metadata.namespace === undefined ? [] : [metadata.namespace],
};
