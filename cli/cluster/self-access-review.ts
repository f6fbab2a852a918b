import { z } from "zod";
import type { KubeApi } from "../../kube/api.ts";
import type { Kind, KubeObject } from "../../kube/kind.ts";
import { StatusError } from "../../kube/status-error.ts";
import type { ApiRequest } from "./request-error.ts";

interface Review extends KubeObject {
  readonly allowed: boolean;
}

const replySchema = z.object({ status: z.object({ allowed: z.boolean() }) });
const header = { apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectAccessReview" };

/** Asked and never stored, so that its metadata is empty. https://kubernetes.io/docs/reference/access-authn-authz/authorization/#checking-api-access */
const selfSubjectAccessReviews: Kind<Review> = {
  ...{ ...header, plural: "selfsubjectaccessreviews", namespaced: false, statusSubresource: false },
  parse: (object) => ({
    ...header,
    metadata: { name: "", uid: "", resourceVersion: "", creationTimestamp: "" },
    allowed: replySchema.parse(object).status.allowed,
  }),
};

/** Whether RBAC lets this person do that; undefined where the API server does not say. */
export async function mayI(api: KubeApi, { verb, kind, namespace }: ApiRequest): Promise<boolean | undefined> {
  const [group = "", version] = kind.apiVersion.split("/");
  const resourceAttributes = { verb, namespace, group: version === undefined ? "" : group, resource: kind.plural };
  const review = { ...header, metadata: { name: "" }, spec: { resourceAttributes } };
  try {
    return (await api.create(selfSubjectAccessReviews, review)).allowed;
  } catch (error) {
    if (error instanceof StatusError) return undefined;
    throw error;
  }
}
