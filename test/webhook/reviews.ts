/** AdmissionReviews as an API server sends them, reduced to what is not the same in each. */
export interface Reviewed {
  readonly object: unknown;
  readonly oldObject?: unknown;
  readonly kind?: { readonly group: string; readonly version: string; readonly kind: string };
  readonly namespace?: string;
  readonly operation?: string;
}

const pod = { group: "", version: "v1", kind: "Pod" };

export function review({ kind = pod, namespace = "shop", operation = "CREATE", ...objects }: Reviewed): object {
  return {
    apiVersion: "admission.k8s.io/v1",
    kind: "AdmissionReview",
    request: { uid: "705ab4f5-6393-11e8-b7cc-42010a800002", kind, namespace, operation, ...objects },
  };
}

export const plainPod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "web", labels: { "lanyard.dev/inject": "true" } },
  spec: { containers: [{ name: "web", image: "web:1" }] },
};
