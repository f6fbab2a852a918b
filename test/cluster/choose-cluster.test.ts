import { describe, expect, test } from "vitest";
import { type ClusterChoice, chooseCluster, type Surroundings } from "./choose-cluster.ts";

const bare: Surroundings = {
  kubeconfig: undefined,
  context: undefined,
  hasKind: false,
  mayBeNode: false,
  hasGo: false,
  isContinuousIntegration: false,
};
const everything: Surroundings = { ...bare, hasKind: true, mayBeNode: true, hasGo: true };
const given = { kubeconfig: "config", context: "testing" };

describe("the cluster of the suite is", () => {
  test.each<[string, Surroundings, ClusterChoice]>([
    ["the one that was given, before any other", { ...everything, ...given }, { kind: "given", ...given }],
    ["kind, where it runs", everything, { kind: "kind" }],
    ["a node on the machine, for root", { ...everything, hasKind: false }, { kind: "node" }],
    ["the control plane alone, for anybody with Go", { ...bare, hasGo: true }, { kind: "control-plane" }],
  ])("%s", (_which, surroundings, choice) => expect(chooseCluster(surroundings)).toEqual(choice));
});

test.each<[string, Partial<Surroundings>]>([
  ["names no context", { context: undefined }],
  ["names an empty one", { context: "" }],
])("a kubeconfig is not touched when the environment %s for tests", (_which, more) => {
  expect(chooseCluster({ ...everything, ...given, ...more }).kind).toBe("kind");
});

test("a context alone leads nowhere", () => {
  expect(chooseCluster({ ...bare, context: "testing" }).kind).toBe("none");
});

test.each([true, false])("with no cluster the suite does not run, which fails under CI: %s", (underCi) => {
  const choice = chooseCluster({ ...bare, mayBeNode: true, isContinuousIntegration: underCi });
  expect(choice).toMatchObject({ kind: "none", isFailure: underCi });
});
