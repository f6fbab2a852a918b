import { type Finding, findings } from "../../identity/findings.ts";
import type { KubeApi } from "../../kube/api.ts";
import { isStatus, StatusError } from "../../kube/status-error.ts";
import { nameOf, objectText } from "../object-name.ts";
import { unlessGone } from "../unless-gone.ts";
import { FIELD_MANAGER } from "../write-status.ts";
import { type Binding, type BindingManifest, bindingKind, bindsTo, isAsWanted, isOurs } from "./binding.ts";
import type { Bind } from "./reconcile.ts";

export type Outcome =
  | { readonly kind: "unchanged" }
  | { readonly kind: "written"; readonly wasFound: "changed" | "deleted" }
  /** The API server does not take it, and no retry helps before somebody has done something. */
  | { readonly kind: "refused"; readonly finding: Finding };

/** Makes a binding what it should be, decided from what the API itself says: a cache may be behind our own last write. */
export async function ensureBinding(api: KubeApi, { binding: wanted, grant }: Bind): Promise<Outcome> {
  const live = await unlessGone(api.get(bindingKind(wanted), wanted.metadata));
  if (live !== undefined && isAsWanted(live, wanted, grant.assignment)) return { kind: "unchanged" };
  if (live !== undefined && !isOurs(live)) {
    return { kind: "refused", finding: findings.BindingNameTaken(objectText(nameOf(live))) };
  }
  try {
    if (live !== undefined && !bindsTo(live, wanted)) await deleteBinding(api, live);
    await api.apply(bindingKind(wanted), wanted, { fieldManager: FIELD_MANAGER, force: true });
  } catch (error) {
    return { kind: "refused", finding: refusal(error, wanted) };
  }
  return { kind: "written", wasFound: live === undefined ? "deleted" : "changed" };
}

export async function deleteBinding(api: KubeApi, binding: Binding): Promise<void> {
  const { name, namespace, uid } = binding.metadata;
  await unlessGone(api.delete(bindingKind(binding), { namespace, name }, { preconditions: { uid } }));
}

/**
 * Who may not `bind` a ClusterRole may make a binding only to one whose rights he has himself; for that the API server
 * must find it. https://kubernetes.io/docs/reference/access-authn-authz/rbac/#restrictions-on-role-binding-creation-or-update
 */
function refusal(error: unknown, wanted: BindingManifest): Finding {
  const clusterRole = wanted.roleRef.name;
  if (isStatus(error, "NotFound")) return findings.KubernetesRoleNotFound(clusterRole);
  if (!(error instanceof StatusError) || error.reason !== "Forbidden") throw error;
  const { name, namespace } = wanted.metadata;
  const finding = findings.KubernetesRoleForbidden(objectText({ kind: wanted.kind, name, namespace }), clusterRole);
  return { ...finding, detail: error.message };
}
