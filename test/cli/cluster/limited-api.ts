import type { KubeApi, ListOptions } from "../../../kube/api.ts";
import type { Kind, KubeObject, ObjectKey } from "../../../kube/kind.ts";
import { StatusError } from "../../../kube/status-error.ts";

/** What a person may not do: a verb on a plural, in a namespace or (undefined) everywhere at once. */
export type Forbids = (verb: string, plural: string, namespace: string | undefined) => boolean;

/** An API as somebody meets it whom RBAC does not let do everything. */
export function limitedApi(api: KubeApi, forbids: Forbids): KubeApi {
  const check = (verb: string, { plural }: Kind, namespace: string | undefined): void => {
    if (forbids(verb, plural, namespace)) throw new StatusError("Forbidden", `${plural} is forbidden`);
  };
  return {
    async get<T extends KubeObject>(kind: Kind<T>, key: ObjectKey) {
      check("get", kind, key.namespace);
      return api.get(kind, key);
    },
    async list<T extends KubeObject>(kind: Kind<T>, options: ListOptions = {}) {
      check("list", kind, options.namespace);
      return api.list(kind, options);
    },
    watch: (kind, options) => api.watch(kind, options),
    async create(kind, object) {
      check("create", kind, object.metadata.namespace);
      return api.create(kind, object);
    },
    async apply(kind, object, options) {
      check("patch", kind, object.metadata.namespace);
      return api.apply(kind, object, options);
    },
    applyStatus: (kind, object, options) => api.applyStatus(kind, object, options),
    async delete(kind, key, options) {
      check("delete", kind, key.namespace);
      await api.delete(kind, key, options);
    },
  };
}

/** What an admin of one namespace has: all in it, and nothing of the cluster but what everybody may read. */
export const adminOf =
  (own: string): Forbids =>
  (_verb, plural, namespace) =>
    namespace !== own && plural !== "roledefinitions";
