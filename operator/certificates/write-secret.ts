import { managedByLanyard } from "../../identity/names.ts";
import type { KubeApi } from "../../kube/api.ts";
import { type Secret, secrets } from "../../kube/cluster-kinds.ts";
import type { ObjectKey } from "../../kube/kind.ts";
import { FIELD_MANAGER } from "../write-status.ts";

interface Content {
  readonly type: "Opaque" | "kubernetes.io/tls";
  readonly data: Readonly<Record<string, string>>;
}

/**
 * Writes a Secret that was decided from the one observed, or from there being none. Somebody who was faster makes this
 * an AlreadyExists or a Conflict, so that of two operators in a hand-over only one has its way.
 */
export async function writeSecret(
  api: KubeApi,
  { namespace, name }: ObjectKey,
  observed: Secret | undefined,
  { type, data }: Content,
): Promise<void> {
  const metadata = { name, namespace, labels: managedByLanyard };
  const manifest = { apiVersion: "v1", kind: "Secret", metadata, type, data };
  if (observed === undefined) {
    await api.create(secrets, manifest);
    return;
  }
  const { resourceVersion } = observed.metadata;
  const versioned = { ...manifest, metadata: { ...metadata, resourceVersion } };
  await api.apply(secrets, versioned, { fieldManager: FIELD_MANAGER, force: true });
}
