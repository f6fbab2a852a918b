import { installation, managedByLanyard } from "../../identity/names.ts";
import type { KubeApi } from "../../kube/api.ts";
import { secrets } from "../../kube/cluster-kinds.ts";
import { secretData } from "../../kube/secret-data.ts";
import { generateSigningKeySet } from "../../kube/signing-key-set.ts";
import { isStatus } from "../../kube/status-error.ts";

/**
 * Makes the keys that the issuer signs with, unless there are some. It finds that out by creating: the operator's own
 * role gives no right to read them.
 */
export async function createSigningKeys(api: KubeApi, namespace: string): Promise<"created" | "exists"> {
  const { signingKeysSecret, signingKeysKey } = installation;
  try {
    await api.create(secrets, {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: signingKeysSecret, namespace, labels: managedByLanyard },
      type: "Opaque",
      data: secretData({ [signingKeysKey]: JSON.stringify(await generateSigningKeySet()) }),
    });
    return "created";
  } catch (error) {
    if (isStatus(error, "AlreadyExists")) return "exists";
    throw error;
  }
}
