import { expect, test } from "vitest";
import { labels } from "../../../identity/names.ts";
import type { Namespace } from "../../../kube/core-objects.ts";
import { asksForInjection, isExcluded } from "../../../operator/injection/opt-in.ts";

const namespace = (label?: string): Namespace => ({
  ...{ apiVersion: "v1", kind: "Namespace" },
  metadata: {
    ...{ name: "shop", uid: "1", resourceVersion: "1", creationTimestamp: "2026-11-21T12:00:00Z" },
    ...(label === undefined ? {} : { labels: { [labels.inject]: label } }),
  },
});

test.each([
  { pod: "true", of: undefined, asks: true },
  { pod: "false", of: undefined, asks: false },
  { pod: undefined, of: undefined, asks: false },
  { pod: "yes", of: undefined, asks: false },
  { pod: "true", of: "enabled", asks: true },
  { pod: "false", of: "enabled", asks: false },
  { pod: undefined, of: "enabled", asks: true },
  { pod: "yes", of: "enabled", asks: true },
  { pod: undefined, of: "true", asks: false },
])("a pod labelled $pod in a namespace labelled $of asks for injection: $asks", ({ pod, of, asks }) => {
  expect(asksForInjection(pod, namespace(of))).toBe(asks);
});

test.each([
  { name: "lanyard-system", excluded: true },
  { name: "kube-system", excluded: true },
  { name: "kube-node-lease", excluded: true },
  { name: "shop", excluded: false },
  { name: "default", excluded: false },
])("$name is excluded: $excluded", ({ name, excluded }) => {
  expect(isExcluded(name, "lanyard-system")).toBe(excluded);
});
