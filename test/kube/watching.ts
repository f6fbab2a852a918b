import type { KubeApi, WatchEvent } from "../../kube/api.ts";
import type { Kind, KubeObject } from "../../kube/kind.ts";

export interface Watched<T extends KubeObject> {
  readonly api: KubeApi;
  readonly kind: Kind<T>;
  readonly resourceVersion: string;
  readonly namespace?: string;
  readonly name?: string;
}

/** The events of a watch, without bookmarks, up to the first one that is looked for. */
export async function eventsUntil<T extends KubeObject>(
  { api, kind, ...from }: Watched<T>,
  isLast: (event: WatchEvent<T>) => boolean,
): Promise<readonly WatchEvent<T>[]> {
  const stopping = new AbortController();
  const events: WatchEvent<T>[] = [];
  for await (const event of api.watch(kind, { ...from, signal: stopping.signal })) {
    if (event.type === "BOOKMARK") continue;
    events.push(event);
    if (isLast(event)) break;
  }
  stopping.abort();
  return events;
}

/** `ADDED orders`, for comparing. */
export const eventText = <T extends KubeObject>(event: WatchEvent<T>): string =>
  "object" in event ? `${event.type} ${event.object.metadata.name}` : event.type;

export const isDeletionOf =
  (name: string) =>
  <T extends KubeObject>(event: WatchEvent<T>): boolean =>
    event.type === "DELETED" && event.object.metadata.name === name;
