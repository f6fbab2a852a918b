import type {
  ApplyOptions,
  DeleteOptions,
  KubeApi,
  ListOptions,
  Manifest,
  ObjectList,
  WatchEvent,
  WatchOptions,
} from "../../kube/api.ts";
import type { Kind, KubeObject, ObjectKey } from "../../kube/kind.ts";
import { StatusError } from "../../kube/status-error.ts";
import { type ApiRequest, RequestError } from "./request-error.ts";

/** An API whose refusals say what was asked: each rejects with a `RequestError`. */
export class RequestingApi implements KubeApi {
  readonly #api: KubeApi;

  constructor(api: KubeApi) {
    this.#api = api;
  }

  get<T extends KubeObject>(kind: Kind<T>, key: ObjectKey): Promise<T> {
    return tell({ verb: "get", kind, ...key }, () => this.#api.get(kind, key));
  }

  list<T extends KubeObject>(kind: Kind<T>, options: ListOptions = {}): Promise<ObjectList<T>> {
    const { namespace, name } = options;
    return tell({ verb: "list", kind, namespace, name }, () => this.#api.list(kind, options));
  }

  async *watch<T extends KubeObject>(kind: Kind<T>, options: WatchOptions): AsyncGenerator<WatchEvent<T>> {
    const { namespace, name } = options;
    try {
      yield* this.#api.watch(kind, options);
    } catch (error) {
      throw told({ verb: "watch", kind, namespace, name }, error);
    }
  }

  create<T extends KubeObject>(kind: Kind<T>, object: Manifest): Promise<T> {
    const { namespace } = object.metadata;
    return tell({ verb: "create", kind, namespace }, () => this.#api.create(kind, object));
  }

  apply<T extends KubeObject>(kind: Kind<T>, object: Manifest, options: ApplyOptions): Promise<T> {
    return tell(patchOf(kind, object), () => this.#api.apply(kind, object, options));
  }

  applyStatus<T extends KubeObject>(kind: Kind<T>, object: Manifest, options: ApplyOptions): Promise<T> {
    const status = { ...kind, plural: `${kind.plural}/status` };
    return tell(patchOf(status, object), () => this.#api.applyStatus(kind, object, options));
  }

  delete(kind: Kind, key: ObjectKey, options?: DeleteOptions): Promise<void> {
    return tell({ verb: "delete", kind, ...key }, () => this.#api.delete(kind, key, options));
  }
}

const patchOf = (kind: ApiRequest["kind"], { metadata: { namespace, name } }: Manifest): ApiRequest => ({
  verb: "patch",
  kind,
  namespace,
  name,
});

async function tell<T>(request: ApiRequest, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw told(request, error);
  }
}

const told = (request: ApiRequest, error: unknown): unknown =>
  error instanceof StatusError ? new RequestError(error, request) : error;
