import { z } from "zod";
import { ISSUER_AUDIENCE } from "../identity/names.ts";
import type { KubeApi } from "../kube/api.ts";
import type { Kind, KubeObject } from "../kube/kind.ts";
import { isStatus } from "../kube/status-error.ts";

interface TokenReview extends KubeObject {
  readonly isAccepted: boolean;
}

const header = { apiVersion: "authentication.k8s.io/v1", kind: "TokenReview" };
const replySchema = z.object({
  status: z.object({ authenticated: z.boolean().optional(), audiences: z.array(z.string()).optional() }),
});

/** Asked and never stored, so that its metadata is empty. https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/token-review-v1/ */
const tokenReviews: Kind<TokenReview> = {
  ...{ ...header, plural: "tokenreviews", namespaced: false, statusSubresource: false },
  parse(object) {
    const { authenticated = false, audiences = [] } = replySchema.parse(object).status;
    return {
      ...header,
      metadata: { name: "", uid: "", resourceVersion: "", creationTimestamp: "" },
      isAccepted: authenticated && audiences.includes(ISSUER_AUDIENCE),
    };
  },
};

/** Whether the API server accepts a ServiceAccount token for us. Without the right to ask, no. */
export async function isAcceptedByApiServer(api: KubeApi, token: string): Promise<boolean> {
  const review = { ...header, metadata: { name: "" }, spec: { token, audiences: [ISSUER_AUDIENCE] } };
  try {
    return (await api.create(tokenReviews, review)).isAccepted;
  } catch (error) {
    if (isStatus(error, "Forbidden")) return false;
    throw error;
  }
}
