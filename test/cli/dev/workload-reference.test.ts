import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseWorkloadReference, workloadReferenceText } from "../../../cli/dev/workload-reference.ts";
import { property } from "../../support/property.ts";

describe("whom --as names", () => {
  test.each([
    ["shop/orders", { by: "serviceAccount", namespace: "shop", name: "orders" }],
    ["shop/Deployment/web", { by: "workload", namespace: "shop", kind: "Deployment", name: "web" }],
    ["shop/cronjob/web.1", { by: "workload", namespace: "shop", kind: "CronJob", name: "web.1" }],
  ])("%s", (text, expected) => expect(parseWorkloadReference(text)).toEqual(expected));

  test.each([
    ["orders", /names nobody/],
    ["", /is no name/],
    ["shop/", /is no name/],
    ["/orders", /is no name/],
    ["Shop/orders", /is no name/],
    ["a.b/orders", /is no name/],
    ["shop/Deplyment/web", /Did you mean "Deployment"\?/],
    ["shop/Deployment/web/x", /names nobody/],
  ])("%j is refused", (text, problem) =>
    expect(parseWorkloadReference(text)).toEqual({ problem: expect.stringMatching(problem) }),
  );
});

const word = fc.oneof(fc.string(), fc.constantFrom("shop", "orders", "Deployment", "pod", ""));

property(
  "every text is a reference that reads back as itself, or a problem",
  [fc.array(word, { maxLength: 4 })],
  (words) => {
    const parsed = parseWorkloadReference(words.join("/"));
    if ("problem" in parsed) expect(parsed.problem).not.toBe("");
    else expect(parseWorkloadReference(workloadReferenceText(parsed))).toEqual(parsed);
  },
);
