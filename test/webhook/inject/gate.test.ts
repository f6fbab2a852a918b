import { describe, expect, test } from "vitest";
import { z } from "zod";
import { managedIdentitySchema } from "../../../identity/managed-identity.ts";
import { injectPod } from "../../../webhook/inject/inject-pod.ts";
import { podSchema } from "../../../webhook/inject/pod.ts";
import { applyPatch } from "../apply-patch.ts";
import { type GivenFacts, injectionFacts } from "../facts.ts";

const orders = managedIdentitySchema.parse({
  apiVersion: "lanyard.dev/v1alpha1",
  kind: "ManagedIdentity",
  metadata: {
    ...{ namespace: "shop", name: "orders", uid: "0b6e3b6c-0000-4000-8000-000000000001" },
    ...{ resourceVersion: "1", generation: 1, creationTimestamp: "2026-01-01T00:00:00Z" },
  },
  spec: { type: "UserAssigned", subjects: [{ serviceAccount: "orders" }] },
});

/** The sidecar of a pod that runs as ServiceAccount `orders`. */
function sidecarOf(annotations: Record<string, string>, given: GivenFacts, spec: object = {}): Record<string, unknown> {
  const pod = {
    metadata: { labels: { "lanyard.dev/inject": "true" }, annotations },
    spec: { serviceAccountName: "orders", containers: [{ name: "web" }], ...spec },
  };
  const decision = injectPod(podSchema.parse(pod), injectionFacts(given));
  if (decision.kind !== "allowed") throw new Error(JSON.stringify(decision));
  const after = patchedSchema.parse(applyPatch(pod, decision.patch));
  const all = [...(after.spec.initContainers ?? []), ...(after.spec.containers ?? [])];
  return { ...all.find(({ name }) => name === "lanyard") };
}

const containersSchema = z.array(z.looseObject({ name: z.string() })).optional();
const patchedSchema = z.object({ spec: z.object({ containers: containersSchema, initContainers: containersSchema }) });

const hook = { postStart: { exec: { command: ["/lanyard-sidecar", "wait"] } } };
const known = { identities: [orders] };

describe("the gate", () => {
  test.each<[string, Record<string, string>, GivenFacts]>([
    ["an identity for its ServiceAccount", {}, known],
    ["an identity that it names", { "lanyard.dev/identity": "orders" }, known],
    ["a registered audience", { "lanyard.dev/gate": "https://a" }, { ...known, audiences: ["https://a"] }],
  ])("is a hook, after which the application starts at once, for a pod with %s", (_name, annotations, given) => {
    const sidecar = sidecarOf(annotations, given);
    expect(sidecar.lifecycle).toEqual(hook);
    expect(sidecar.startupProbe).toBeUndefined();
  });

  test.each<[string, Record<string, string>, GivenFacts]>([
    ["no identity for its ServiceAccount", {}, {}],
    ["an identity that does not exist", { "lanyard.dev/identity": "ghost" }, known],
    ["an audience that is not registered", { "lanyard.dev/gate": "https://a" }, known],
    ["a vault that does not exist", { "lanyard.dev/secret-files": "a=payments/vault/a" }, known],
  ])(
    "is a startup probe, which the kubelet can wait for without blocking, for a pod with %s",
    (_n, annotations, given) => {
      const sidecar = sidecarOf(annotations, given);
      expect(sidecar.lifecycle).toBeUndefined();
      expect(sidecar.startupProbe).toMatchObject({ exec: { command: ["/lanyard-sidecar", "wait"] } });
    },
  );

  test("of a classic sidecar never fails: the kubelet would start the application and stop the sidecar", () => {
    const sidecar = sidecarOf({ "lanyard.dev/sidecar-mode": "classic" }, {});
    expect(sidecar.lifecycle).toEqual({
      postStart: { exec: { command: ["/lanyard-sidecar", "wait", "--fail-open"] } },
    });
    expect(sidecar.startupProbe).toBeUndefined();
  });

  test("is none where the author wants none", () => {
    const sidecar = sidecarOf({ "lanyard.dev/gate": "false" }, {});
    expect([sidecar.lifecycle, sidecar.startupProbe]).toEqual([undefined, undefined]);
  });
});

test("nothing connects to the sidecar from outside the pod: a mesh with strict mTLS resets the kubelet's connections", () => {
  const sidecar = sidecarOf({}, known);
  expect(sidecar.livenessProbe).toMatchObject({ exec: { command: ["/lanyard-sidecar", "live"] } });
  expect(JSON.stringify(sidecar)).not.toMatch(/httpGet|tcpSocket|LANYARD_PROBE_PORT/);
});

describe("a sidecar after SIGTERM", () => {
  const drainOf = (annotations: Record<string, string>, spec: object): unknown =>
    (sidecarOf(annotations, known, spec).env as { name: string; value: string }[]).find(
      ({ name }) => name === "LANYARD_DRAIN_SECONDS",
    )?.value;
  const classic = { "lanyard.dev/sidecar-mode": "classic" };

  test.each([
    ["the default grace period", {}, "29"],
    ["its own grace period", { terminationGracePeriodSeconds: 120 }, "119"],
    ["no grace period", { terminationGracePeriodSeconds: 0 }, "1"],
  ])("serves to the end of %s where it is a classic one", (_name, spec, seconds) => {
    expect(drainOf(classic, spec)).toBe(seconds);
  });

  test("ends at once where it is a native one, which is stopped after the others", () => {
    expect(drainOf({}, {})).toBeUndefined();
  });
});

test("the issuer's address is passed for pods that do not resolve its name", () => {
  const sidecar = sidecarOf({}, { ...known, settings: { issuerAddress: () => "10.96.0.5" } });
  expect(sidecar.env).toContainEqual({ name: "LANYARD_ISSUER_ADDRESS", value: "10.96.0.5" });
});
