import { createHash } from "node:crypto";
import type { Manifest } from "./api.ts";
import { events } from "./kinds.ts";
import { microTime } from "./micro-time.ts";

/** The object that an event is about. */
export interface ObjectReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string | undefined;
  readonly name: string;
  readonly uid?: string | undefined;
}

/** What happened, in words for `kubectl describe`. */
export interface Occurrence {
  readonly type: "Normal" | "Warning";
  /** CamelCase, for programs: why. */
  readonly reason: string;
  /** CamelCase: what was done, or failed. */
  readonly action: string;
  /** For people. */
  readonly note: string;
}

export interface Reporter {
  /** A qualified name: `lanyard.dev/operator`. */
  readonly reportingController: string;
  /** The process, such as its pod's name. */
  readonly reportingInstance: string;
}

/** An event and how often it has happened since the first time. Milliseconds since the epoch. */
export interface Series {
  readonly reporter: Reporter;
  readonly regarding: ObjectReference;
  readonly occurrence: Occurrence;
  readonly first: number;
  readonly last: number;
  readonly count: number;
}

/** Same key, same series; the note may differ from one time to the next. */
export function seriesKey({ reporter, regarding, occurrence }: Pick<Series, "reporter" | "regarding" | "occurrence">) {
  const { apiVersion, kind, namespace = "", name, uid = "" } = regarding;
  const what = [occurrence.type, occurrence.reason, occurrence.action];
  return [
    reporter.reportingController,
    reporter.reportingInstance,
    apiVersion,
    kind,
    namespace,
    name,
    uid,
    ...what,
  ].join("\n");
}

/** https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/ */
export function eventManifest(series: Series): Manifest {
  const { reporter, regarding, occurrence, first, last, count } = series;
  const repeated = count > 1 ? { series: { count, lastObservedTime: microTime(last) } } : {};
  return {
    apiVersion: events.apiVersion,
    kind: events.kind,
    metadata: { name: eventName(series), namespace: regarding.namespace ?? NAMESPACE_OF_CLUSTER_SCOPED },
    eventTime: microTime(first),
    ...reporter,
    ...occurrence,
    note: truncate(occurrence.note),
    regarding: { ...regarding },
    ...repeated,
  };
}

const NAMESPACE_OF_CLUSTER_SCOPED = "default";
const LONGEST_NAME = 253;
const LONGEST_NOTE_BYTES = 1024;

/** Unique by what, when and who, so that an event which is written again is the same object. */
function eventName(series: Series): string {
  const hash = createHash("sha256").update(seriesKey(series)).digest("hex").slice(0, 10);
  const suffix = `.${series.first.toString(16)}.${hash}`;
  return series.regarding.name.slice(0, LONGEST_NAME - suffix.length).replace(/[-.]+$/, "") + suffix;
}

/** Cut where a character ends. */
function truncate(note: string): string {
  return note.slice(0, new TextEncoder().encodeInto(note, new Uint8Array(LONGEST_NOTE_BYTES)).read);
}
