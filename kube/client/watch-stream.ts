import type { Clock } from "../clock.ts";
import { lines } from "./lines.ts";
import type { Transport } from "./transport.ts";
import { parseWatchLine, type WatchLine } from "./watch-line.ts";

export interface WatchStream {
  readonly transport: Transport;
  readonly clock: Clock;
  /** With its query. */
  readonly path: string;
  readonly signal: AbortSignal;
}

/** Three of the bookmarks that come each minute: whoever is silent for longer is not there any more. */
const LONGEST_SILENCE_MS = 180_000;

/** The events of a watch as they arrive. Ends when the server ends it or the signal aborts; throws a `StatusError`. */
export async function* watchStream({ transport, clock, path, signal }: WatchStream): AsyncGenerator<WatchLine> {
  const silence = new AbortController();
  const listen = (): (() => void) =>
    clock.after(LONGEST_SILENCE_MS, () => silence.abort(new Error("a watch has been silent for too long")));
  let cancel = listen();
  try {
    const ending = AbortSignal.any([signal, silence.signal]);
    const response = await transport.open({ method: "GET", path }, ending);
    const chunks = async function* (): AsyncGenerator<Uint8Array> {
      for await (const chunk of response) {
        cancel();
        yield chunk;
        cancel = listen();
      }
    };
    for await (const line of lines(chunks())) yield parseWatchLine(line);
  } catch (error) {
    if (!signal.aborted) throw transport.unavailable(silence.signal.aborted ? silence.signal.reason : error);
  } finally {
    cancel();
  }
}
