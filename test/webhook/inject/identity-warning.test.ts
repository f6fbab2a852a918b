import { describe, expect, test } from "vitest";
import type { Unusable } from "../../../kube/stored.ts";
import { identityWarning } from "../../../webhook/inject/identity-warning.ts";
import { podSchema } from "../../../webhook/inject/pod.ts";
import { injectionFacts } from "../facts.ts";

/** As an earlier version stored it, which knew a rule less. */
function unusable(namespace: string): Unusable {
  return {
    ...{ apiVersion: "lanyard.dev/v1alpha1", kind: "ManagedIdentity", unusable: "spec: is required" },
    metadata: {
      ...{ name: "orders", namespace, uid: "5f0c1a7e-0000-4000-8000-000000000001" },
      ...{ resourceVersion: "1", generation: 1, creationTimestamp: "2026-01-01T00:00:00Z" },
    },
  };
}

const naming = (identity: string) =>
  podSchema.parse({ metadata: { annotations: { "lanyard.dev/identity": identity } }, spec: { containers: [] } });

describe("an identity that cannot be read", () => {
  test("is, in another namespace, no different from one that does not exist", () => {
    const pod = naming("platform/orders");
    const ofNone = identityWarning(pod, injectionFacts());
    expect(ofNone).toMatchObject({ code: "ForeignIdentityNotPermitted" });
    expect(identityWarning(pod, injectionFacts({ identities: [unusable("platform")] }))).toEqual(ofNone);
  });

  test("is, in the pod's own, for its Ready condition to explain", () => {
    expect(identityWarning(naming("orders"), injectionFacts({ identities: [unusable("shop")] }))).toBeUndefined();
  });
});
