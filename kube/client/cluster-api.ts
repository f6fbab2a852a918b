import type {
  ApplyOptions,
  DeleteOptions,
  KubeApi,
  ListOptions,
  Manifest,
  ObjectList,
  WatchEvent,
  WatchOptions,
} from "../api.ts";
import type { Random } from "../backoff.ts";
import type { Clock } from "../clock.ts";
import type { Kind, KubeObject, ObjectKey } from "../kind.ts";
import { isStatus } from "../status-error.ts";
import { type Listing, pageList, streamList } from "./list-objects.ts";
import { type NotReceived, receive, type Unreadable } from "./received-object.ts";
import { collectionPath, objectPath, selectionQuery, withQuery } from "./resource-path.ts";
import type { ApiRequest, Transport } from "./transport.ts";
import type { WatchLine } from "./watch-line.ts";
import { watchStream } from "./watch-stream.ts";

export type ListStyle = "streamed" | "paged";

export interface ClusterApiOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  /** An object that was left out of a list, or of a watch. */
  readonly onUnreadable: (unreadable: Unreadable) => void;
  /** A streamed list is a watch to RBAC too. */
  readonly lists?: ListStyle;
}

/** JSON is YAML. */
const APPLY_PATCH = "application/apply-patch+yaml";
/** A watch is to end somewhere between, so that those which began together are not all begun anew together. */
const WATCH_SECONDS = { least: 300, most: 600 };

/** The API of a real cluster. https://kubernetes.io/docs/reference/using-api/api-concepts/ */
export class ClusterApi implements KubeApi {
  readonly #options: ClusterApiOptions;
  #streamsLists: boolean;

  constructor(options: ClusterApiOptions) {
    this.#options = options;
    this.#streamsLists = options.lists !== "paged";
  }

  get<T extends KubeObject>(kind: Kind<T>, key: ObjectKey): Promise<T> {
    return this.#send(kind, () => ({ method: "GET", path: objectPath(kind, key) }));
  }

  async list<T extends KubeObject>(kind: Kind<T>, selected: ListOptions = {}): Promise<ObjectList<T>> {
    const listing: Listing<T> = { ...this.#options, kind, selected };
    if (!this.#streamsLists) return pageList(listing);
    try {
      return await streamList(listing);
    } catch (error) {
      if (!isStatus(error, "Invalid")) throw error;
      this.#streamsLists = false;
      return pageList(listing);
    }
  }

  async *watch<T extends KubeObject>(kind: Kind<T>, options: WatchOptions): AsyncGenerator<WatchEvent<T>> {
    const { transport, clock, random } = this.#options;
    const { namespace, resourceVersion, signal } = options;
    const { least, most } = WATCH_SECONDS;
    const path = withQuery(collectionPath(kind, namespace), {
      ...{ watch: true, allowWatchBookmarks: true, resourceVersion },
      timeoutSeconds: least + Math.floor(random() * (most - least)),
      ...selectionQuery(options),
    });
    for await (const line of watchStream({ transport, clock, path, signal })) {
      const event = this.#event(kind, line);
      if (event !== undefined) yield event;
    }
  }

  create<T extends KubeObject>(kind: Kind<T>, object: Manifest): Promise<T> {
    const { namespace } = object.metadata;
    return this.#send(kind, () => ({
      method: "POST",
      path: collectionPath(kind, namespace),
      body: JSON.stringify(object),
    }));
  }

  apply<T extends KubeObject>(kind: Kind<T>, object: Manifest, options: ApplyOptions): Promise<T> {
    return this.#send(kind, () => applyRequest(objectPath(kind, object.metadata), object, options));
  }

  applyStatus<T extends KubeObject>(kind: Kind<T>, object: Manifest, options: ApplyOptions): Promise<T> {
    return this.#send(kind, () =>
      applyRequest(`${objectPath(kind, object.metadata)}/status`, statusAlone(object), options),
    );
  }

  async delete(kind: Kind, key: ObjectKey, { preconditions }: DeleteOptions = {}): Promise<void> {
    const body = { apiVersion: "v1", kind: "DeleteOptions", preconditions };
    await this.#options.transport.json({ method: "DELETE", path: objectPath(kind, key), body: JSON.stringify(body) });
  }

  async #send<T extends KubeObject>(kind: Kind<T>, request: () => ApiRequest): Promise<T> {
    const received = receive(kind, await this.#options.transport.json(request()));
    if (received.readable) return received.object;
    throw received.unreadable.error;
  }

  #event<T extends KubeObject>(kind: Kind<T>, line: WatchLine): WatchEvent<T> | undefined {
    if (line.type === "BOOKMARK") return { type: line.type, resourceVersion: line.resourceVersion };
    const received = receive(kind, line.object);
    if (received.readable) return { type: line.type, object: received.object };
    this.#options.onUnreadable(received.unreadable);
    return unreadableEvent(received);
  }
}

function unreadableEvent({ unreadable: { key }, resourceVersion }: NotReceived): WatchEvent<never> | undefined {
  return key === undefined || resourceVersion === undefined ? undefined : { type: "UNREADABLE", key, resourceVersion };
}

function applyRequest(path: string, object: unknown, { fieldManager, force }: ApplyOptions): ApiRequest {
  const body = JSON.stringify(object);
  return { method: "PATCH", path: withQuery(path, { fieldManager, force }), contentType: APPLY_PATCH, body };
}

function statusAlone({ apiVersion, kind, metadata, status }: Manifest): unknown {
  const { name, namespace, resourceVersion } = metadata;
  return { apiVersion, kind, metadata: { name, namespace, resourceVersion }, status };
}
