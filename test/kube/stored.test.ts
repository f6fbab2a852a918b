import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { KubeObject } from "../../kube/kind.ts";
import { managedIdentities, roleAssignments, roleDefinitions } from "../../kube/kinds.ts";
import { isUsable, stored } from "../../kube/stored.ts";
import { role, roleAssignment, userAssigned } from "../identity/builders.ts";
import { property } from "../support/property.ts";

const broken = (object: object, spec: object): object => ({ ...object, spec });

describe("an object of a watched kind", () => {
  test("is itself when it keeps the rules", () => {
    const reader = role("reader");
    expect(stored(roleDefinitions).parse(reader)).toEqual(reader);
  });

  test("says what is wrong, where, when it breaks one", () => {
    const read = stored(roleDefinitions).parse(broken(role("reader"), { actions: ["secrets/**/read"] }));
    expect(isUsable(read)).toBe(false);
    expect("unusable" in read ? read.unusable : "").toMatch(
      /^This object cannot be used: spec\.actions\.0: .*Correct it/,
    );
  });

  test.each([
    ["many things are wrong", role("reader"), roleDefinitions, { actions: Array(1000).fill("//") }],
    ["a long name is", userAssigned(), managedIdentities, { token: { claims: { ["é".repeat(100_000)]: "x" } } }],
  ])("says so in a sentence that fits into a condition, though %s", (_given, object, kind, spec) => {
    const read = stored<KubeObject>(kind).parse(broken(object, spec));
    expect("unusable" in read ? read.unusable.length : Number.NaN).toBeLessThan(32_768);
  });

  test("keeps its pin though its conditions cannot be read", () => {
    const status = { principalId: "6f0c", conditions: "none" };
    const read = stored(roleAssignments).parse({ ...roleAssignment(undefined), status });
    expect(read.status).toMatchObject({ principalId: "6f0c" });
  });
});

const metadata = {
  name: "orders",
  namespace: "shop",
  uid: "6f0c",
  resourceVersion: "1",
  creationTimestamp: "2026-11-01T00:00:00Z",
};

property("whatever its spec and status, an object can be watched", [fc.anything(), fc.anything()], (spec, status) => {
  stored(managedIdentities).parse({ apiVersion: "v1", kind: "ManagedIdentity", metadata, spec, status });
});
