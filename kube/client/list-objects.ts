import { z } from "zod";
import type { ListOptions, ObjectList } from "../api.ts";
import type { Clock } from "../clock.ts";
import { type Kind, type KubeObject, keyText } from "../kind.ts";
import { isStatus, StatusError } from "../status-error.ts";
import { receive, type Unreadable } from "./received-object.ts";
import { collectionPath, type Query, selectionQuery, withQuery } from "./resource-path.ts";
import type { Transport } from "./transport.ts";
import type { WatchLine } from "./watch-line.ts";
import { watchStream } from "./watch-stream.ts";

export interface Listing<T extends KubeObject> {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly kind: Kind<T>;
  readonly selected: ListOptions;
  readonly onUnreadable: (unreadable: Unreadable) => void;
}

type Change = Exclude<WatchLine, { readonly type: "BOOKMARK" }>;

const PAGE_SIZE = 500;

/**
 * A list as a stream of its objects, so that at no time more than one of them is there in full. Rejects with `Invalid`
 * where the server cannot do it. https://kubernetes.io/docs/reference/using-api/api-concepts/#streaming-lists
 */
export async function streamList<T extends KubeObject>(listing: Listing<T>): Promise<ObjectList<T>> {
  const { transport, clock, selected } = listing;
  const { signal = new AbortController().signal } = selected;
  const objects = new Map<string, T>();
  const path = listPath(listing, {
    ...{ watch: true, sendInitialEvents: true, resourceVersionMatch: "NotOlderThan", allowWatchBookmarks: true },
    ...selectionQuery(selected),
  });
  for await (const line of watchStream({ transport, clock, path, signal })) {
    if (line.type !== "BOOKMARK") note(listing, objects, line);
    else if (line.endsInitialEvents) return { items: [...objects.values()], resourceVersion: line.resourceVersion };
  }
  throw new StatusError(
    "ServiceUnavailable",
    `The server ended the list of ${listing.kind.plural} before it was whole.`,
  );
}

function note<T extends KubeObject>({ kind, onUnreadable }: Listing<T>, objects: Map<string, T>, change: Change): void {
  const received = receive(kind, change.object);
  if (!received.readable) {
    const { key } = received.unreadable;
    if (key !== undefined) objects.delete(keyText(key));
    onUnreadable(received.unreadable);
  } else if (change.type === "DELETED") objects.delete(keyText(received.object.metadata));
  else objects.set(keyText(received.object.metadata), received.object);
}

/**
 * A list in pages, for servers that do not stream one. When the pages expire while they are read, the list is read anew
 * in one piece, which cannot expire. https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks
 */
export async function pageList<T extends KubeObject>(listing: Listing<T>): Promise<ObjectList<T>> {
  try {
    return await readPages(listing, PAGE_SIZE);
  } catch (error) {
    if (!isStatus(error, "Expired")) throw error;
    return readPages(listing, undefined);
  }
}

async function readPages<T extends KubeObject>(listing: Listing<T>, limit: number | undefined): Promise<ObjectList<T>> {
  const { kind, onUnreadable } = listing;
  const items: T[] = [];
  let continueAt: string | undefined;
  while (true) {
    const page = await readPage(listing, { limit, continue: continueAt });
    for (const raw of page.items) {
      const received = receive(kind, raw);
      if (received.readable) items.push(received.object);
      else onUnreadable(received.unreadable);
    }
    continueAt = page.metadata.continue;
    if (!continueAt) return { items, resourceVersion: page.metadata.resourceVersion };
  }
}

const pageSchema = z.object({
  metadata: z.object({ resourceVersion: z.string().min(1), continue: z.string().optional() }),
  items: z
    .array(z.unknown())
    .nullish()
    .transform((items) => items ?? []),
});

async function readPage<T extends KubeObject>(listing: Listing<T>, query: Query): Promise<z.infer<typeof pageSchema>> {
  const { transport, selected } = listing;
  const path = listPath(listing, { ...query, ...selectionQuery(selected) });
  const { data } = pageSchema.safeParse(await transport.json({ method: "GET", path }, selected.signal));
  if (data === undefined) throw new StatusError("InternalError", `The server sent no list of ${listing.kind.plural}.`);
  return data;
}

function listPath<T extends KubeObject>({ kind, selected }: Listing<T>, query: Query): string {
  return withQuery(collectionPath(kind, selected.namespace), query);
}
