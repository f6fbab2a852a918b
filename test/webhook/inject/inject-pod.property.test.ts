import fc from "fast-check";
import { describe, expect } from "vitest";
import type { InjectionFacts } from "../../../webhook/inject/facts.ts";
import { injectPod } from "../../../webhook/inject/inject-pod.ts";
import { podSchema } from "../../../webhook/inject/pod.ts";
import { reviewPod } from "../../../webhook/inject/review-pod.ts";
import type { PatchOperation } from "../../../webhook/json-patch.ts";
import { property } from "../../support/property.ts";
import { applyPatch } from "../apply-patch.ts";
import { injectionFacts } from "../facts.ts";
import { revertPatch } from "../revert-patch.ts";
import { restrictedViolations } from "./pod-security.ts";
import { type WrittenContainer, type WrittenPod, writtenPods } from "./pods.ts";

const installations: fc.Arbitrary<InjectionFacts> = fc
  .record({ native: fc.boolean(), redirect: fc.boolean(), number: fc.nat() })
  .map(({ native, redirect, number }) =>
    injectionFacts({
      serverHasNativeSidecars: native,
      settings: redirect ? { redirectImage: "registry.example/nft:1" } : {},
      number,
    }),
  );

function patchFor(pod: object, facts: InjectionFacts): readonly PatchOperation[] {
  const decision = injectPod(podSchema.parse(pod), facts);
  if (decision.kind === "denied") throw new Error(decision.reason.sentence);
  return decision.patch;
}

const containersOf = ({ spec }: WrittenPod) => [...(spec.initContainers ?? []), ...spec.containers];
describe("every pod that is injected", () => {
  property(
    "is as its author wrote it once what was added is taken away, and needs nothing more",
    [writtenPods, installations, installations],
    (pod, facts, later) => {
      const patch = patchFor(pod, facts);
      const after = applyPatch(pod, patch);
      expect(revertPatch(after, patch, pod)).toEqual(pod);
      expect(patchFor(after, later)).toEqual([]);
    },
  );

  property(
    "passes the restricted standard if it did before, and keeps the token to the sidecar, which comes first",
    [writtenPods, installations],
    (pod, facts) => {
      const after = applyPatch(pod, patchFor(pod, facts));
      expectNoNewViolation(pod, after);
      expect({
        mountingToken: mountingToken(after),
        beforeSidecar: startedBefore(after, "lanyard").filter((name) => name !== "lanyard-imds-redirect"),
        beforeRedirect: startedBefore(after, "lanyard-imds-redirect"),
      }).toEqual({ mountingToken: ["lanyard"], beforeSidecar: [], beforeRedirect: [] });
    },
  );

  property(
    "has no variable that is empty, or twice because of us, and declares no port that the sidecar listens on",
    [writtenPods, installations],
    (pod, facts) => {
      const after = applyPatch(pod, patchFor(pod, facts));
      expect(containersOf(pod).flatMap((written) => spoiltBy(written, after))).toEqual([]);
      expect(declaredPorts(pod)).not.toContain(listensOn(after));
    },
  );
});

/** Variables of one container that were added although they say nothing, or are there already. */
function spoiltBy(written: WrittenContainer, after: WrittenPod): string[] {
  const { env = [] } = containersOf(after).find(({ name }) => name === written.name) ?? {};
  const added = env.slice(written.env?.length ?? 0);
  const twice = added.filter(({ name }) => env.filter((variable) => variable.name === name).length > 1);
  return [...twice, ...added.filter(({ value = "" }) => value === "")].map(({ name }) => name);
}

/** The redirect breaks the standard, and says so; a port that is shared with the node is declared. */
function expectNoNewViolation(before: WrittenPod, after: WrittenPod): void {
  if (after.spec.initContainers?.some(({ name }) => name === "lanyard-imds-redirect")) return;
  const known = restrictedViolations(before);
  const found = restrictedViolations(after).filter((violation) => !known.includes(violation));
  expect(found).toEqual(before.spec.hostNetwork ? ["Container lanyard: hostPort."] : []);
}

function mountingToken(pod: WrittenPod): string[] {
  const mounting = containersOf(pod).filter(({ volumeMounts }) => volumeMounts?.some(({ name }) => name === "lanyard"));
  return mounting.map(({ name }) => name);
}

/** Names of the containers that stand before another in its list. */
function startedBefore({ spec }: WrittenPod, name: string): string[] {
  const list = [spec.initContainers ?? [], spec.containers].find((some) => some.some((one) => one.name === name)) ?? [];
  const names = list.map((container) => container.name);
  return names.slice(0, Math.max(0, names.indexOf(name)));
}

function listensOn(pod: WrittenPod): number {
  const { env = [] } = containersOf(pod).find(({ name }) => name === "lanyard") ?? {};
  return Number(env.find(({ name }) => name === "LANYARD_PORT")?.value);
}

function declaredPorts(pod: WrittenPod): number[] {
  return containersOf(pod).flatMap(({ ports = [] }) => ports.map(({ containerPort }) => containerPort));
}

const anything = fc.oneof(
  fc.jsonValue(),
  writtenPods.chain((pod) => mutilated(pod)),
);

/** A pod with one of its fields replaced by something else. */
function mutilated(pod: WrittenPod): fc.Arbitrary<unknown> {
  const fields = [...Object.keys(pod.spec), "containers"];
  return fc
    .tuple(fc.constantFrom(...fields), fc.jsonValue())
    .map(([field, value]) => ({ ...pod, spec: { ...pod.spec, [field]: value } }));
}

describe("whatever is called a pod", () => {
  const request = {
    uid: "1",
    kind: { group: "", version: "v1", kind: "Pod" },
    subResource: "",
    name: "",
    namespace: "shop",
  };
  property("is decided about, and what is denied says why", [anything, installations], (object, facts) => {
    const decision = reviewPod({ ...request, operation: "CREATE", object }, facts);
    if (decision.kind === "denied") expect(decision.reason.sentence).not.toBe("");
    else expect(() => applyPatch(object, decision.patch)).not.toThrow();
  });
});
