import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { randomTraceId, traceIdFrom } from "../../kube/trace-id.ts";
import { property } from "../support/property.ts";

const id = "4bf92f3577b34da6a3ce929d0e0e4736";

describe("traceIdFrom", () => {
  test.each([
    { given: "a traceparent", header: `00-${id}-00f067aa0ba902b7-01`, then: id },
    { given: "one of a later version, with more at its end", header: `01-${id}-00f067aa0ba902b7-01-more`, then: id },
    { given: "the invalid version", header: `ff-${id}-00f067aa0ba902b7-01`, then: undefined },
    { given: "an all-zero trace", header: `00-${"0".repeat(32)}-00f067aa0ba902b7-01`, then: undefined },
    { given: "upper case", header: `00-${id.toUpperCase()}-00f067aa0ba902b7-01`, then: undefined },
    { given: "something else", header: "hello", then: undefined },
    { given: "nothing", header: undefined, then: undefined },
  ])("$given", ({ header, then }) => expect(traceIdFrom(header)).toBe(then));

  property("whatever comes in, only a trace id comes out", [fc.string({ unit: "binary" })], (header) => {
    const found = traceIdFrom(header);
    return found === undefined || /^[0-9a-f]{32}$/.test(found);
  });
});

test("a random trace id is one", () => {
  expect(traceIdFrom(`00-${randomTraceId()}-00f067aa0ba902b7-01`)).toBeDefined();
  expect(randomTraceId()).not.toBe(randomTraceId());
});
