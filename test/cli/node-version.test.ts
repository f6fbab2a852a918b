import { expect, test } from "vitest";
import { nodeVersionProblem } from "../../cli/node-version.ts";

test.each(["v22.18.0", "v22.18.1", "v22.19.0", "v24.0.0", "v26.10.0"])("Node %s is new enough", (version) => {
  expect(nodeVersionProblem(version, ">=22.18.0")).toBeUndefined();
});

test.each(["v18.20.0", "v20.20.2", "v22.17.9", "v9.99.99"])("Node %s is too old, and a person is told", (version) => {
  expect(nodeVersionProblem(version, ">=22.18.0")).toBe(
    `lanyard needs Node 22.18 or newer, this is ${version}. In a clone, npx lanyard uses the right one.`,
  );
});
