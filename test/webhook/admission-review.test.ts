import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatReview, parseReview } from "../../webhook/admission-review.ts";
import { property } from "../support/property.ts";
import { plainPod, review } from "./reviews.ts";

const reviewOf = (change: object): string => JSON.stringify({ ...review({ object: plainPod }), ...change });

const parse = (body: string) => parseReview(body, { values: 1_000, depth: 20, members: 500 });

describe("an AdmissionReview", () => {
  test("is read whatever its object is", () => {
    const parsed = parse(JSON.stringify(review({ object: "anything" })));
    expect(parsed).toMatchObject({ kind: "review", request: { namespace: "shop", operation: "CREATE", name: "" } });
  });

  test.each([
    { given: "nothing", body: "", says: "not JSON" },
    { given: "half a body", body: '{"apiVersion":', says: "not JSON" },
    { given: "a list", body: "[]", says: "expected an object, got a list" },
    { given: "another version", body: reviewOf({ apiVersion: "admission.k8s.io/v1beta1" }), says: "apiVersion" },
    { given: "a response", body: reviewOf({ request: undefined, response: {} }), says: "request: is required" },
    { given: "an empty uid", body: reviewOf({ request: { uid: "" } }), says: "request.uid" },
    { given: "another kind", body: reviewOf({ kind: "TokenReview" }), says: 'expected "AdmissionReview"' },
  ])("is refused in words when it is $given", ({ body, says }) => {
    const parsed = parse(body);
    expect(parsed).toMatchObject({ kind: "unreadable", message: expect.stringContaining(says) });
  });

  const nested = fc.nat({ max: 100_000 }).map((depth) => "[".repeat(depth));
  const mutilated = fc.tuple(fc.nat(), fc.nat(), fc.string()).map(([from, length, text]) => {
    const body = JSON.stringify(review({ object: plainPod }));
    const start = from % body.length;
    return body.slice(0, start) + text + body.slice(start + (length % 20));
  });
  property("never makes the parser throw", [fc.oneof(fc.string(), fc.json(), mutilated)], (body) => {
    const parsed = parse(body);
    if (parsed.kind === "unreadable") expect(parsed.message).toMatch(/^This is no AdmissionReview/);
  });

  test("that is nested without end is refused before it is parsed", () => {
    fc.assert(
      fc.property(nested, (body) => parse(body).kind !== "review"),
      { numRuns: 10 },
    );
    expect(parse("[".repeat(100_000))).toMatchObject({
      kind: "too large",
      problem: expect.stringContaining("more than 20 levels"),
    });
  });

  test("is answered with at most twelve warnings; the pod has them all", () => {
    const warnings = Array.from({ length: 20 }, () => ({ code: "PortTaken", sentence: "…" }));
    const reply = formatReview("1", { kind: "allowed", outcome: "injected", patch: [], warnings });
    expect(reply).toMatchObject({ response: { allowed: true, warnings: { length: 12 } } });
  });
});
