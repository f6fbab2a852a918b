import type { ObjectMeta } from "../identity/object-meta.ts";

/** What every object has; specs and statuses are typed by the kind. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
}

/** How the API server names a kind of object. https://kubernetes.io/docs/reference/using-api/api-concepts/ */
export interface Kind<T extends KubeObject = KubeObject> {
  /** `v1`, `apps/v1`, `lanyard.dev/v1alpha1`. */
  readonly apiVersion: string;
  readonly kind: string;
  /** Lower case, as in the URL: `managedidentities`. */
  readonly plural: string;
  readonly namespaced: boolean;
  /** Whether status is a subresource: a write of the object then leaves the status alone, and the other way round. */
  readonly statusSubresource: boolean;
  /** Turns an object from the API into a T, keeping only the fields that Lanyard reads. Throws when it is none. */
  readonly parse: (object: unknown) => T;
}

/** Names an object of a known kind; `namespace` is left out for cluster-scoped ones. */
export interface ObjectKey {
  readonly namespace?: string | undefined;
  readonly name: string;
}

/** `NAMESPACE/NAME`, or `NAME` for a cluster-scoped object. */
export function keyText({ namespace, name }: ObjectKey): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}
