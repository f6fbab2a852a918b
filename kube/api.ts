import type { Kind, KubeObject, ObjectKey } from "./kind.ts";

/**
 * All that Lanyard asks of the Kubernetes API, and no more. Two implementations pass the same contract tests: the
 * in-memory one (`memory/`) and the client of a real API server. Every method rejects with a `StatusError`.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/
 */
export interface KubeApi {
  get<T extends KubeObject>(kind: Kind<T>, key: ObjectKey): Promise<T>;

  /** All objects of a kind, in one namespace or everywhere, at one resourceVersion from which a watch can go on. */
  list<T extends KubeObject>(kind: Kind<T>, options?: ListOptions): Promise<ObjectList<T>>;

  /**
   * What happened after a resourceVersion. Ends when the server closes it or the signal aborts; throws a `StatusError`
   * with reason `Expired` (410) when the version is too old to go on from: list again then.
   */
  watch<T extends KubeObject>(kind: Kind<T>, options: WatchOptions): AsyncIterable<WatchEvent<T>>;

  create<T extends KubeObject>(kind: Kind<T>, object: Manifest): Promise<T>;

  /** Server-side apply: owns the fields it names, and removes those that it named before and does not now. */
  apply<T extends KubeObject>(kind: Kind<T>, object: Manifest, options: ApplyOptions): Promise<T>;

  /** Server-side apply to the status subresource; only `status` of the manifest counts. */
  applyStatus<T extends KubeObject>(kind: Kind<T>, object: Manifest, options: ApplyOptions): Promise<T>;

  delete(kind: Kind, key: ObjectKey, options?: DeleteOptions): Promise<void>;
}

/** An object as it is written: what the server fills in may be missing. A given resourceVersion must be the current one. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string | undefined;
    readonly resourceVersion?: string;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

export interface ListOptions {
  readonly namespace?: string | undefined;
  /** Only the object of this name, so that the right to one object (RBAC `resourceNames`) is enough to watch it. */
  readonly name?: string | undefined;
  /** Ends the waiting. What is left undone by then is refused as `ServiceUnavailable`. */
  readonly signal?: AbortSignal;
}

export interface WatchOptions extends ListOptions {
  readonly resourceVersion: string;
  readonly signal: AbortSignal;
}

export interface ApplyOptions {
  readonly fieldManager: string;
  /** Takes over fields that another manager owns; without it such a field is a 409. */
  readonly force?: boolean;
}

export interface DeleteOptions {
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}

export interface ObjectList<T> {
  readonly items: readonly T[];
  readonly resourceVersion: string;
}

export type WatchEvent<T> =
  | { readonly type: "ADDED" | "MODIFIED" | "DELETED"; readonly object: T }
  /** What is kept of this object is out of date, and what it is now cannot be read as its kind. */
  | { readonly type: "UNREADABLE"; readonly key: ObjectKey; readonly resourceVersion: string }
  /** Nothing changed for this watch, and it may go on from here. */
  | { readonly type: "BOOKMARK"; readonly resourceVersion: string };
