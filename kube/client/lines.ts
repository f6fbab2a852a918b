import { StatusError } from "../status-error.ts";

const NEWLINE = 0x0a;
/** Twenty times what etcd takes as one object; who sends more is no API server. */
const LONGEST_LINE_BYTES = 32 * 1024 * 1024;

/** The lines of a stream, each once it is whole; at the end also one that was not ended. */
export async function* lines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let begun: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      yield text([...begun, chunk.subarray(start, end)]);
      begun = [];
      length = 0;
      start = end + 1;
    }
    if (start === chunk.length) continue;
    begun.push(chunk.subarray(start));
    length += chunk.length - start;
    if (length > LONGEST_LINE_BYTES) throw new StatusError("InternalError", "The server sent a line without end.");
  }
  if (begun.length > 0) yield text(begun);
}

/** Decoded when whole: a chunk may end within a character. */
function text(parts: readonly Uint8Array[]): string {
  return Buffer.concat(parts).toString("utf8");
}
