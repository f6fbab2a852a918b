import type { KubeApi } from "./api.ts";
import type { Clock } from "./clock.ts";
import {
  eventManifest,
  type ObjectReference,
  type Occurrence,
  type Reporter,
  type Series,
  seriesKey,
} from "./event-manifest.ts";
import { events } from "./kinds.ts";

interface EventRecorderOptions extends Reporter {
  readonly api: KubeApi;
  readonly clock: Clock;
  /** An event that could not be written; it is dropped. */
  readonly onError?: (error: unknown) => void;
}

/** After so long without a repeat the next one is a new event. */
const SERIES_ENDS_MS = 6 * 60_000;
/** A loop that fails a hundred times a second writes its count this seldom. */
const WRITE_INTERVAL_MS = 10_000;
const MOST_SERIES = 4096;

interface Recorded {
  readonly series: Series;
  readonly writtenAt: number;
}

/** Tells people, through Kubernetes Events, what happened to an object; repeats count up one event. */
export class EventRecorder {
  readonly #options: EventRecorderOptions;
  readonly #recorded = new Map<string, Recorded>();
  #lastWrite: Promise<void> = Promise.resolve();

  constructor(options: EventRecorderOptions) {
    this.#options = options;
  }

  /** Fulfilled when the event is written or could not be; never rejects. */
  record(regarding: ObjectReference, occurrence: Occurrence): Promise<void> {
    const { clock, reportingController, reportingInstance } = this.#options;
    const reporter = { reportingController, reportingInstance };
    const now = clock.now();
    const key = seriesKey({ reporter, regarding, occurrence });
    const before = this.#recorded.get(key);
    const series = continued(before?.series, { reporter, regarding, occurrence, first: now, last: now, count: 1 });
    const due = before === undefined || series.count <= 2 || now - before.writtenAt >= WRITE_INTERVAL_MS;
    this.#remember(key, { series, writtenAt: due ? now : before.writtenAt });
    if (due) this.#lastWrite = this.#lastWrite.then(() => this.#write(series));
    return this.#lastWrite;
  }

  /** The longest unheard of are forgotten first. */
  #remember(key: string, recorded: Recorded): void {
    this.#recorded.delete(key);
    this.#recorded.set(key, recorded);
    const [oldest] = this.#recorded.keys();
    if (this.#recorded.size > MOST_SERIES && oldest !== undefined) this.#recorded.delete(oldest);
  }

  /** An apply, not a create: the event may have outlived its time to live since, and is then made again. */
  async #write(series: Series): Promise<void> {
    try {
      const fieldManager = this.#options.reportingController;
      await this.#options.api.apply(events, eventManifest(series), { fieldManager, force: true });
    } catch (error) {
      this.#options.onError?.(error);
    }
  }
}

/** A series keeps its first note: the API server takes no change to an event but of its series. */
function continued(before: Series | undefined, now: Series): Series {
  if (before === undefined || now.last - before.last >= SERIES_ENDS_MS) return now;
  return { ...before, last: now.last, count: before.count + 1 };
}
