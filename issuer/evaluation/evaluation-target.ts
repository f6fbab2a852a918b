import { canonicalAudience } from "../../identity/audience.ts";
import { namespaceOf, parseScope, resourceScope, type Scope } from "../../identity/scope.ts";
import type { UnusableResource } from "../../kube/stored-resource.ts";
import type { ClusterState } from "../cluster-state.ts";
import type { EvaluationRequest } from "./evaluation-request.ts";

/** What a question is about, and the namespace that it belongs to. */
export type EvaluationTarget =
  | { readonly kind: "scope"; readonly scope: Scope; readonly namespace: string | undefined }
  | { readonly kind: "unusable"; readonly resource: UnusableResource; readonly namespace: string | undefined }
  | { readonly kind: "unregistered"; readonly namespace: undefined };

/** A scope in its canonical spelling, or an audience that stands for the resource which registers it; or a part of either. */
export function evaluationTarget(
  { id, properties }: EvaluationRequest["resource"],
  { audienceOwners }: Pick<ClusterState, "audienceOwners">,
): EvaluationTarget {
  const resource = audienceOwners.unusable.get(canonicalAudience(id));
  if (resource !== undefined) return { kind: "unusable", resource, namespace: resource.metadata.namespace };
  const owner = audienceOwners.usable.get(canonicalAudience(id));
  const whole = owner === undefined ? parseScope(id) : resourceScope(owner.metadata.namespace, owner.metadata.name);
  const part = properties?.subresource;
  const scope = whole === undefined || part === undefined ? whole : parseScope(`${whole}/${part}`);
  if (scope === undefined) return { kind: "unregistered", namespace: undefined };
  return { kind: "scope", scope, namespace: namespaceOf(scope) };
}
