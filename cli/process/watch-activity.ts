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
import type { Clock } from "../../kube/clock.ts";
import type { Kind, KubeObject, ObjectKey } from "../../kube/kind.ts";

/**
 * How long a reflector may go without any outcome. Every outcome comes sooner, also from an API server that does not
 * answer: a request fails after 65 s, a silent watch after 180 s, and a new attempt follows within 30 s.
 */
export const LONGEST_STANDSTILL_MS = 600_000;

interface Reflection {
  readonly what: string;
  at: number;
}

/**
 * Notes when each reflector last had an outcome: a list, an event, or a failure. A failure counts, since the reflector
 * then tries again, and a restart would meet the same answer. A reflector without an outcome has stopped.
 */
export class WatchActivity {
  readonly #clock: Clock;
  /** By the signal of each reflector, which is its own. */
  readonly #reflections = new Map<AbortSignal, Reflection>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Returns an API that notes what the reflectors hear through it. */
  observe(api: KubeApi): KubeApi {
    return new ObservedApi(api, (signal, what) => this.#note(signal, what));
  }

  /** Returns the reflector that stands still, or undefined. */
  problem(): string | undefined {
    for (const { what, at } of this.#reflections.values()) {
      const silent = this.#clock.now() - at;
      if (silent > LONGEST_STANDSTILL_MS)
        return `the watch of ${what} has stood still for ${Math.round(silent / 1000)} s`;
    }
    return undefined;
  }

  #note(signal: AbortSignal, what: string): void {
    if (signal.aborted) return;
    const known = this.#reflections.get(signal);
    if (known !== undefined) {
      known.at = this.#clock.now();
      return;
    }
    this.#reflections.set(signal, { what, at: this.#clock.now() });
    signal.addEventListener("abort", () => this.#reflections.delete(signal), { once: true });
  }
}

type Note = (signal: AbortSignal, what: string) => void;

class ObservedApi implements KubeApi {
  readonly #api: KubeApi;
  readonly #note: Note;

  constructor(api: KubeApi, note: Note) {
    this.#api = api;
    this.#note = note;
  }

  get<T extends KubeObject>(kind: Kind<T>, key: ObjectKey): Promise<T> {
    return this.#api.get(kind, key);
  }

  /** Only a reflector lists with a signal. */
  async list<T extends KubeObject>(kind: Kind<T>, options: ListOptions = {}): Promise<ObjectList<T>> {
    const { signal } = options;
    if (signal === undefined) return this.#api.list(kind, options);
    this.#note(signal, kind.plural);
    try {
      return await this.#api.list(kind, options);
    } finally {
      this.#note(signal, kind.plural);
    }
  }

  async *watch<T extends KubeObject>(kind: Kind<T>, options: WatchOptions): AsyncGenerator<WatchEvent<T>> {
    const note = (): void => this.#note(options.signal, kind.plural);
    note();
    try {
      for await (const event of this.#api.watch(kind, options)) {
        note();
        yield event;
      }
    } finally {
      note();
    }
  }

  create<T extends KubeObject>(kind: Kind<T>, object: Manifest): Promise<T> {
    return this.#api.create(kind, object);
  }

  apply<T extends KubeObject>(kind: Kind<T>, object: Manifest, options: ApplyOptions): Promise<T> {
    return this.#api.apply(kind, object, options);
  }

  applyStatus<T extends KubeObject>(kind: Kind<T>, object: Manifest, options: ApplyOptions): Promise<T> {
    return this.#api.applyStatus(kind, object, options);
  }

  delete(kind: Kind, key: ObjectKey, options?: DeleteOptions): Promise<void> {
    return this.#api.delete(kind, key, options);
  }
}
