import { describe, expect, test } from "vitest";
import { managedIdentities, roleDefinitions } from "../../../kube/kinds.ts";
import { InMemoryApi, type InMemoryApiOptions } from "../../../kube/memory/in-memory-api.ts";
import type { Review } from "../../../kube/memory/lifecycle.ts";
import { StatusError } from "../../../kube/status-error.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { identity, roleDefinition } from "../manifests.ts";
import { type Widget, widget, widgets } from "../widget.ts";

const AS_ONE = { fieldManager: "one" };
const KEY = { namespace: "shop", name: "one" };

const apiWith = (options: Partial<InMemoryApiOptions> = {}): InMemoryApi =>
  new InMemoryApi({ kinds: [widgets, managedIdentities], clock: new FakeClock(), ...options });

describe("admission to the in-memory API", () => {
  test("fills in defaults, which nobody owns", async () => {
    const api = apiWith({ admit: ({ object }) => ({ ...object, spec: { size: 1, ...(object.spec as object) } }) });
    expect(await api.create(widgets, widget("one", { spec: {} }))).toMatchObject({ spec: { size: 1 } });
    expect(await api.apply(widgets, widget("one", { spec: { size: 2 } }), AS_ONE)).toMatchObject({ spec: { size: 2 } });
    expect(await api.apply(widgets, widget("one", { spec: {} }), AS_ONE)).toMatchObject({ spec: { size: 1 } });
  });

  test("refuses, and then nothing is stored", async () => {
    const admit = (): never => {
      throw new StatusError("Invalid", "not like this");
    };
    const api = apiWith({ admit });
    const before = (await api.list(widgets)).resourceVersion;
    await expect(api.create(widgets, widget("one"))).rejects.toMatchObject({ message: "not like this" });
    expect(await api.list(widgets)).toEqual({ items: [], resourceVersion: before });
  });

  test("sees what is written, whole, and what it replaces", async () => {
    const reviews: Review[] = [];
    const api = apiWith({
      admit: (review) => {
        reviews.push(review);
        return review.object;
      },
    });
    await api.create(widgets, widget("one", { spec: { size: 1 } }));
    await api.applyStatus(widgets, widget("one", { status: { ready: true } }), AS_ONE);
    expect(reviews).toMatchObject([
      { operation: "CREATE", object: { metadata: KEY, spec: { size: 1 } } },
      { operation: "UPDATE", object: { spec: { size: 1 }, status: { ready: true } }, old: { spec: { size: 1 } } },
    ]);
  });

  test("cannot change what it replaces", async () => {
    const olds: unknown[] = [];
    const api = apiWith({
      admit: ({ object, old }) => {
        olds.push(old);
        return object;
      },
    });
    await api.create(widgets, widget("one"));
    await api.apply(widgets, widget("one", { spec: { size: 1 } }), AS_ONE);
    expect(Object.isFrozen(olds.at(-1))).toBe(true);
  });

  test("refuses what its kind cannot read, so that no reader chokes on it", async () => {
    const api = apiWith();
    await expect(api.create(managedIdentities, identity(KEY, { spec: { disabled: "yes" } }))).rejects.toMatchObject({
      reason: "Invalid",
      message: expect.stringContaining('ManagedIdentity.lanyard.dev "one" is invalid: spec.disabled: Invalid value'),
    });
    await expect(api.create(widgets, widget("one", { metadata: { labels: { a: 1 } } }))).rejects.toMatchObject({
      reason: "Invalid",
    });
  });
});

describe("requests to the in-memory API that it cannot take", () => {
  const create = (fields: object) => apiWith().create(widgets, { ...widget("one"), ...fields });

  test.each([
    { given: "another kind", fields: { kind: "Gadget" }, reason: "BadRequest" },
    { given: "another version", fields: { apiVersion: "example.com/v2" }, reason: "BadRequest" },
    { given: "no namespace", fields: { metadata: { name: "one" } }, reason: "Invalid" },
    { given: "no name", fields: { metadata: { ...KEY, name: "" } }, reason: "Invalid" },
    { given: "a namespace that is no label", fields: { metadata: { ...KEY, namespace: "a.b" } }, reason: "Invalid" },
    {
      given: "a version of what is not there yet",
      fields: { metadata: { ...KEY, resourceVersion: "1" } },
      reason: "BadRequest",
    },
  ])("$given: $reason", async ({ fields, reason }) => {
    await expect(create(fields)).rejects.toMatchObject({ reason });
  });

  test("a namespace for a cluster-scoped object", async () => {
    const api = apiWith({ kinds: [roleDefinitions] });
    const manifest = roleDefinition("reader");
    const placed = { ...manifest, metadata: { ...manifest.metadata, namespace: "shop" } };
    await expect(api.create(roleDefinitions, placed)).rejects.toMatchObject({ reason: "Invalid" });
  });

  test("a kind that it does not serve", async () => {
    const api = apiWith({ kinds: [] });
    const refusal = { reason: "NotFound", message: "the server could not find the requested resource" };
    await expect(api.list(widgets)).rejects.toMatchObject(refusal);
    await expect(api.get(widgets, KEY)).rejects.toMatchObject(refusal);
    await expect(api.create(widgets, widget("one"))).rejects.toMatchObject(refusal);
  });

  test("a deleted object's version or UID, which must not bring it back", async () => {
    const api = apiWith();
    const { metadata } = await api.create(widgets, widget("one"));
    await api.delete(widgets, KEY);
    for (const stale of [{ resourceVersion: metadata.resourceVersion }, { uid: metadata.uid }]) {
      await expect(api.apply(widgets, widget("one", { metadata: stale }), AS_ONE)).rejects.toMatchObject({
        reason: "Conflict",
      });
    }
  });
});

describe("what the in-memory API hands out", () => {
  const frozenThrough = (value: unknown): boolean =>
    typeof value !== "object" ||
    value === null ||
    (Object.isFrozen(value) && Object.values(value).every(frozenThrough));

  test("is frozen through and through, and what was given is not", async () => {
    const given = widget("one", { spec: { list: [{ a: 1 }] } });
    const created = await apiWith().create(widgets, given);
    expect(frozenThrough(created)).toBe(true);
    expect(Object.isFrozen(given.spec)).toBe(false);
  });

  test("is what its kind reads, while everything is kept", async () => {
    const api = apiWith();
    await api.create(widgets, widget("one", { spec: { size: 1 } }));
    const slim = { ...widgets, parse: (object: unknown): Widget => ({ ...widgets.parse(object), spec: "left out" }) };
    expect((await api.get(slim, KEY)).spec).toBe("left out");
    expect((await api.get(widgets, KEY)).spec).toEqual({ size: 1 });
  });

  test("has the UID that was asked for", async () => {
    const api = apiWith({ newUid: ({ kind }, { namespace, name }) => `${kind}-${namespace}-${name}` });
    expect((await api.create(widgets, widget("one"))).metadata.uid).toBe("Widget-shop-one");
  });
});
