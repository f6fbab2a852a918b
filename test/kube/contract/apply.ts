import { expect, test } from "vitest";
import type { ManagedIdentity } from "../../../identity/managed-identity.ts";
import { managedIdentities } from "../../../kube/kinds.ts";
import type { World } from "../contract.ts";
import { type Fields, identity } from "../manifests.ts";

/** https://kubernetes.io/docs/reference/using-api/server-side-apply/ */
export function describeApply(world: () => World): void {
  const applyAs = (fieldManager: string, fields: Fields, force = false): Promise<ManagedIdentity> => {
    const { api, namespace } = world();
    return api.apply(managedIdentities, identity({ namespace, name: "orders" }, fields), { fieldManager, force });
  };
  const label = (...names: readonly string[]): Fields => ({
    metadata: { labels: Object.fromEntries(names.map((name) => [name, "yes"])) },
  });

  test("makes an object that is missing", async () => {
    const { metadata } = await applyAs("one", { spec: { disabled: true } });
    expect(metadata.generation).toBe(1);
  });

  test("the same again writes nothing", async () => {
    const first = await applyAs("one", { ...label("a"), spec: { disabled: true } });
    const again = await applyAs("one", { ...label("a"), spec: { disabled: true } });
    expect(again.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
  });

  test("two managers' fields of one map are merged", async () => {
    await applyAs("one", label("a"));
    expect((await applyAs("two", label("b"))).metadata.labels).toEqual({ a: "yes", b: "yes" });
  });

  test("what a manager no longer names is removed, and nothing else", async () => {
    await applyAs("one", label("a", "b"));
    await applyAs("two", label("c"));
    expect((await applyAs("one", label("b"))).metadata.labels).toEqual({ b: "yes", c: "yes" });
  });

  test("what another manager names too stays until neither does", async () => {
    await applyAs("one", label("a"));
    await applyAs("two", label("a"));
    expect((await applyAs("one", {})).metadata.labels).toEqual({ a: "yes" });
    expect((await applyAs("two", {})).metadata.labels ?? {}).toEqual({});
  });

  test("another manager's field with another value is a conflict that names both", async () => {
    await applyAs("one", { spec: { disabled: true } });
    await expect(applyAs("two", { spec: { disabled: false } })).rejects.toMatchObject({
      reason: "Conflict",
      message: 'Apply failed with 1 conflict: conflict with "one": .spec.disabled',
    });
  });

  test("a created object's fields belong to its creator", async () => {
    const { api, namespace } = world();
    await api.create(managedIdentities, identity({ namespace, name: "orders" }, { spec: { disabled: true } }));
    await expect(applyAs("two", { spec: { disabled: false } })).rejects.toMatchObject({ reason: "Conflict" });
  });

  test("force takes the field over, and its former owner no longer removes it", async () => {
    await applyAs("one", { spec: { disabled: false, token: { lifetime: "2h" } } });
    const taken = await applyAs("two", { spec: { token: { lifetime: "3h" } } }, true);
    expect(taken.spec.token?.lifetime).toBe("3h");
    expect((await applyAs("one", { spec: { disabled: false } })).spec.token?.lifetime).toBe("3h");
  });

  test("a list is one field", async () => {
    await applyAs("one", { spec: { subjects: [{ serviceAccount: "a" }, { serviceAccount: "b" }] } });
    const changed = await applyAs("one", { spec: { subjects: [{ serviceAccount: "b" }] } });
    expect(changed.spec.subjects).toEqual([{ serviceAccount: "b" }]);
  });

  test("finalizers are a set: each belongs to who named it", async () => {
    await applyAs("one", { metadata: { finalizers: ["example.com/one"] } });
    const both = await applyAs("two", { metadata: { finalizers: ["example.com/two"] } });
    expect(both.metadata.finalizers).toEqual(["example.com/one", "example.com/two"]);
    expect((await applyAs("one", {})).metadata.finalizers).toEqual(["example.com/two"]);
    await applyAs("two", {});
  });

  test("the generation counts changes of the spec, not of the metadata", async () => {
    await applyAs("one", { spec: { disabled: true } });
    expect((await applyAs("one", { ...label("a"), spec: { disabled: true } })).metadata.generation).toBe(1);
    expect((await applyAs("one", { spec: { disabled: false } })).metadata.generation).toBe(2);
  });

  test("a resourceVersion that is not the current one is a conflict", async () => {
    const { metadata } = await applyAs("one", label("a"));
    await applyAs("one", label("b"));
    const stale = { metadata: { resourceVersion: metadata.resourceVersion } };
    await expect(applyAs("one", stale)).rejects.toMatchObject({
      reason: "Conflict",
      message: expect.stringContaining("please apply your changes to the latest version and try again"),
    });
  });

  test("the current resourceVersion is none", async () => {
    const { metadata } = await applyAs("one", label("a"));
    const current = { metadata: { resourceVersion: metadata.resourceVersion, labels: { b: "yes" } } };
    expect((await applyAs("one", current)).metadata.labels).toEqual({ b: "yes" });
  });

  test("a UID that is another object's is refused, and one of no object is a conflict", async () => {
    const other = { metadata: { uid: "6f0c2c6e-3a52-4f8e-9d0f-3f2d1a7b9c55" } };
    await expect(applyAs("one", other)).rejects.toMatchObject({ reason: "Conflict" });
    await applyAs("one", label("a"));
    await expect(applyAs("one", other)).rejects.toMatchObject({
      reason: "Invalid",
      message: expect.stringContaining("metadata.uid: Invalid value"),
    });
  });
}
