import fc from "fast-check";
import { describe, expect } from "vitest";
import { lines } from "../../../kube/client/lines.ts";
import { receive } from "../../../kube/client/received-object.ts";
import { refusalError, statusObjectError } from "../../../kube/client/status-body.ts";
import { parseWatchLine } from "../../../kube/client/watch-line.ts";
import { pods } from "../../../kube/kinds.ts";
import { StatusError } from "../../../kube/status-error.ts";
import { historyProperty, property } from "../../support/property.ts";

/** Whatever a server could send, and what is nearly right, which is where parsers err. */
const json = fc.jsonValue({ maxDepth: 1 });
const metadata = fc.oneof(json, fc.record({ resourceVersion: json, annotations: json, name: json, namespace: json }));
const type = fc.oneof(fc.constantFrom("ADDED", "MODIFIED", "DELETED", "BOOKMARK", "ERROR"), json);
const event = fc.record({ type, object: fc.oneof(json, fc.record({ metadata })) });
const status = fc.record({
  kind: fc.constantFrom("Status", 7),
  code: json,
  reason: json,
  message: json,
  details: json,
});
const line = fc.oneof(
  fc.string(),
  json.map((value) => JSON.stringify(value)),
  event.map((value) => JSON.stringify(value)),
);

describe("whatever the server sends", () => {
  property<[string]>("a line of a watch is an event, or a StatusError", [line], (text) => {
    try {
      expect(["ADDED", "MODIFIED", "DELETED", "BOOKMARK"]).toContain(parseWatchLine(text).type);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
    }
  });

  property<[number, string | undefined, string]>(
    "a refusal is a StatusError with a message, and never a long wait",
    [
      fc.constantFrom(0, 302, 400, 403, 409, 410, 429, 500, 503),
      fc.option(fc.oneof(fc.string(), fc.nat().map(String)), { nil: undefined }),
      fc.oneof(
        line,
        status.map((value) => JSON.stringify(value)),
      ),
    ],
    (httpStatus, retryAfter, body) => {
      const error = refusalError({ httpStatus, retryAfter, body });
      expect(error).toBeInstanceOf(StatusError);
      expect(error.retryAfterSeconds ?? 1).toBeGreaterThan(0);
      expect(error.retryAfterSeconds ?? 1).toBeLessThanOrEqual(300);
      expect(typeof error.message).toBe("string");
    },
  );

  property<[unknown]>("the error of a watch is a StatusError", [fc.oneof(json, status)], (object) => {
    expect(statusObjectError(object)).toBeInstanceOf(StatusError);
  });

  property<[unknown]>(
    "an object is read or told of, and never thrown over",
    [fc.oneof(json, fc.record({ metadata, spec: json }))],
    (object) => {
      expect([true, false]).toContain(receive(pods, object).readable);
    },
  );
});

describe("lines", () => {
  historyProperty<[string[], number[]]>(
    "are the same wherever the chunks end, within a character too",
    [
      fc.array(fc.string({ unit: "grapheme" }).filter((text) => !text.includes("\n"))),
      fc.array(fc.nat(8), { minLength: 1 }),
    ],
    async (texts, sizes) => {
      const bytes = Buffer.from(texts.map((text) => `${text}\n`).join(""));
      expect(await Array.fromAsync(lines(chunks(bytes, sizes)))).toEqual(texts);
    },
  );
});

async function* chunks(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let start = 0;
  for (let count = 0; start < bytes.length; count++) {
    const end = start + Math.max(1, sizes[count % sizes.length] ?? 1);
    yield bytes.subarray(start, end);
    start = end;
  }
}
