import type { WatchEvent, WatchOptions } from "../api.ts";
import type { Kind, KubeObject } from "../kind.ts";
import type { EventLog, LogEntry } from "./event-log.ts";
import { isSelected } from "./object-store.ts";
import { badRequest, expired } from "./refusal.ts";
import type { StoredObject } from "./stored-object.ts";

/**
 * One watch over the log. It reads at its reader's pace; a reader that falls behind what the log keeps is cut off, and
 * learns when it resumes that it must list again.
 */
export async function* watchLog<T extends KubeObject>(
  log: EventLog,
  kind: Kind<T>,
  options: WatchOptions,
  snapshot: (object: StoredObject) => T,
): AsyncGenerator<WatchEvent<T>> {
  const { signal } = options;
  let position = startOf(log, options.resourceVersion);
  let told = position;
  while (!signal.aborted && position >= log.oldest) {
    const entry = log.after(position);
    if (entry === undefined) {
      if (isBookmarkDue(log, told, position)) {
        told = position;
        yield { type: "BOOKMARK", resourceVersion: String(position) };
      } else await log.next(signal);
      continue;
    }
    position = entry.version;
    if (isWatched(entry, kind, options)) {
      told = position;
      yield { type: entry.type, object: snapshot(entry.object) };
    }
  }
}

function startOf(log: EventLog, resourceVersion: string): number {
  if (!/^[1-9]\d{0,14}$/.test(resourceVersion))
    throw badRequest(`Invalid value: "${resourceVersion}": resourceVersion`);
  const version = Number(resourceVersion);
  if (version < log.oldest || version > log.version) throw expired(resourceVersion, log.oldest);
  return version;
}

/** A watch to which nothing happens would else know only a version that the log soon forgets. */
function isBookmarkDue(log: EventLog, told: number, position: number): boolean {
  return position - told >= Math.max(1, Math.floor(log.limit / 4));
}

function isWatched({ kind, object }: LogEntry, watched: Kind, options: WatchOptions): boolean {
  const isKind = kind.kind === watched.kind && kind.apiVersion === watched.apiVersion;
  return isKind && isSelected(object, options);
}
