import type { KubeApi } from "../../kube/api.ts";
import { namespaces } from "../../kube/kinds.ts";
import { find } from "./readable.ts";
import { type ApiRequest, RequestError } from "./request-error.ts";

/** The UID of the namespace that has a name now; `unread` where this person may not read it. */
export async function namespaceUid(
  api: KubeApi,
  name: string,
): Promise<{ readonly uid: string | undefined; readonly unread: readonly ApiRequest[] }> {
  try {
    return { uid: (await find(api, namespaces, { name }))?.metadata.uid, unread: [] };
  } catch (error) {
    if (!(error instanceof RequestError) || error.reason !== "Forbidden") throw error;
    return { uid: undefined, unread: [error.request] };
  }
}

/** What the issuer asks of a pod's namespace; nothing where this person may not read it. */
export async function readNamespaceUid(
  api: KubeApi,
  name: string,
): Promise<{ readonly namespaceUid?: () => string | undefined }> {
  const { uid, unread } = await namespaceUid(api, name);
  return unread.length > 0 ? {} : { namespaceUid: () => uid };
}
