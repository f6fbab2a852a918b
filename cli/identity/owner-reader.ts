import type { ReadOwner } from "../../issuer/controller-chain.ts";
import type { Kind, KubeObject } from "../../kube/kind.ts";
import { workloads } from "../../kube/kinds.ts";
import { find } from "../cluster/readable.ts";
import { type ApiRequest, RequestError } from "../cluster/request-error.ts";
import type { Session } from "../cluster/session.ts";

/**
 * Reads the controllers of a pod, of the kinds of Kubernetes and of other APIs. A person who may not read a kind of
 * another API still gets an answer: that controller is unknown, and `onUnread` gets the request.
 */
export function ownerReader(
  { api, customKind }: Pick<Session, "api" | "customKind">,
  onUnread: (request: ApiRequest) => void = () => {},
): ReadOwner {
  const kinds: readonly Kind[] = Object.values(workloads);
  return async (reference, namespace) => {
    const key = { namespace, name: reference.name };
    const known = kinds.find(({ kind, apiVersion }) => kind === reference.kind && apiVersion === reference.apiVersion);
    if (known !== undefined) return find<KubeObject>(api, known, key);
    const custom = await customKind(reference);
    if (custom === undefined) return "unknown";
    try {
      return await find<KubeObject>(api, custom, key);
    } catch (error) {
      if (!(error instanceof RequestError) || error.reason !== "Forbidden") throw error;
      onUnread(error.request);
      return "unknown";
    }
  };
}
