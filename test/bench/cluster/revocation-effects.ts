import { decodeJwt } from "jose";
import type { KubeApi } from "../../../kube/api.ts";
import type { Kind } from "../../../kube/kind.ts";
import { managedIdentities, pods, roleAssignments, tokenRevocations } from "../../../kube/kinds.ts";
import { isStatus } from "../../../kube/status-error.ts";
import { RESOURCE } from "./objects.ts";
import { NAMESPACE, SERVICE_ACCOUNT } from "./pods.ts";

/** Whose token is taken back. */
export interface Holder {
  readonly pod: string;
  readonly token: string;
}

/** A way to take a token back. */
export interface RevocationEffect {
  readonly name: string;
  /** Whether the access is taken away too, and not the tokens alone. */
  readonly endsAccess: boolean;
  readonly take: (api: KubeApi, holder: Holder) => Promise<unknown>;
}

const identityKey = { namespace: NAMESPACE, name: SERVICE_ACCOUNT };
const assignmentKey = { namespace: NAMESPACE, name: "bench-reads" };
const subjects = [{ serviceAccount: SERVICE_ACCOUNT }];

const write = (api: KubeApi, kind: Kind, metadata: { namespace: string; name: string }, spec: object) =>
  api.apply(
    kind,
    { apiVersion: kind.apiVersion, kind: kind.kind, metadata, spec },
    { fieldManager: "lanyard-bench", force: true },
  );

const revocation = (api: KubeApi, spec: object) =>
  write(api, tokenRevocations, { namespace: NAMESPACE, name: `bench-${crypto.randomUUID()}` }, spec);

export const podDeleted: RevocationEffect = {
  name: "pod deleted",
  endsAccess: true,
  take: (api, { pod }) => api.delete(pods, { namespace: NAMESPACE, name: pod }),
};

/** Those that can be undone. */
export const effects: readonly RevocationEffect[] = [
  { name: "assignment deleted", endsAccess: true, take: (api) => api.delete(roleAssignments, assignmentKey) },
  {
    name: "identity disabled",
    endsAccess: true,
    take: (api) => write(api, managedIdentities, identityKey, { subjects, disabled: true }),
  },
  { name: "identity deleted", endsAccess: true, take: (api) => api.delete(managedIdentities, identityKey) },
  {
    name: "revoked by identity",
    endsAccess: false,
    take: (api) => revocation(api, { managedIdentity: SERVICE_ACCOUNT }),
  },
  { name: "revoked by pod", endsAccess: false, take: (api, { pod }) => revocation(api, { pod: { name: pod } }) },
  {
    name: "revoked by token id",
    endsAccess: false,
    take: (api, { token }) => revocation(api, { tokenId: decodeJwt(token).jti }),
  },
];

/** So many revocations within a minute as there are trials would be more than a token can name. */
export async function undo(effect: RevocationEffect, api: KubeApi): Promise<void> {
  if (effect === podDeleted) return;
  if (effect.endsAccess) return restoreAccess(api);
  const { items } = await api.list(tokenRevocations, { namespace: NAMESPACE });
  await Promise.all(items.map(({ metadata }) => api.delete(tokenRevocations, metadata)));
}

/** A new identity is a new principal, so that its assignment is made anew with it. */
export async function restoreAccess(api: KubeApi): Promise<void> {
  await write(api, managedIdentities, identityKey, { subjects, disabled: false });
  try {
    await api.delete(roleAssignments, assignmentKey);
  } catch (error) {
    if (!isStatus(error, "NotFound")) throw error;
  }
  const principal = { managedIdentity: SERVICE_ACCOUNT, namespace: NAMESPACE };
  await write(api, roleAssignments, assignmentKey, { principal, roleDefinition: "reader", resource: RESOURCE });
}
