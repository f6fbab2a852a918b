import { describe, expect, test } from "vitest";
import { specProblems } from "./spec-problems.ts";

const problems = (spec: unknown): string[] => specProblems("RoleDefinition", spec);
const nothing = "actions: a role needs at least one action or a kubernetesRole";
const form = 'expected segments such as "secrets/read" or "queues/*/send"; "**" stands only at the end';

describe("a spec that is right", () => {
  test.each<[string, object]>([
    ["actions", { actions: ["secrets/read", "queues/*/send", "**"] }],
    ["a ClusterRole of Kubernetes alone", { kubernetesRole: "system:aggregate-to-view" }],
    [
      "both, without some actions, described",
      { description: "🪪".repeat(1024), actions: ["**"], notActions: ["secrets/**"], kubernetesRole: "view" },
    ],
  ])("%s", (_given, spec) => expect(problems(spec)).toEqual([]));
});

describe("a spec that is wrong", () => {
  test.each<[string, object, string]>([
    ["allows nothing", {}, nothing],
    ["takes away from nothing", { notActions: ["a"] }, nothing],
    ["has an empty list", { actions: [] }, nothing],
    ["has two stars in the middle", { actions: ["ok", "queues/**/send"] }, `actions.1: ${form}`],
    ["has a star in a word", { actions: ["ok"], notActions: ["sec*/read"] }, `notActions.0: ${form}`],
    [
      "names a ClusterRole with a slash",
      { kubernetesRole: "a/b" },
      'kubernetesRole: expected the name of a ClusterRole, such as "view"; got "a/b"',
    ],
    [
      "names an empty ClusterRole",
      { kubernetesRole: "" },
      'kubernetesRole: expected the name of a ClusterRole, such as "view"; got ""',
    ],
    [
      "has too long a description",
      { actions: ["a"], description: "x".repeat(1025) },
      "description: expected at most 1024 characters",
    ],
    [
      "has too many actions",
      { actions: Array.from({ length: 1001 }, () => "a") },
      "actions: expected at most 1000 items",
    ],
  ])("%s", (_given, spec, problem) => expect(problems(spec)).toContain(problem));
});
