import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { managedIdentities, roleDefinitions, serviceAccounts } from "../../../kube/kinds.ts";
import type { World } from "../contract.ts";
import { identity, roleDefinition, serviceAccount } from "../manifests.ts";

export function describeObjects(world: () => World): void {
  test("a created object has what the server fills in", async () => {
    const { api, namespace } = world();
    const { metadata } = await api.create(managedIdentities, identity({ namespace, name: "orders" }));
    expect(metadata).toMatchObject({ name: "orders", namespace, generation: 1 });
    expect(metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
    expect(metadata.resourceVersion).toMatch(/^\d+$/);
    expect(metadata.creationTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });

  test("what the server fills in, no writer chooses: no UID to inherit by, no age to win by", async () => {
    const { api, namespace } = world();
    const key = { namespace, name: "orders" };
    const chosen = { creationTimestamp: "2001-01-01T00:00:00Z", generation: 7 };
    const uid = randomUUID();
    const given = identity(key, { metadata: { ...chosen, uid, deletionTimestamp: chosen.creationTimestamp } });
    const created = await api.create(managedIdentities, given);
    expect(created.metadata.uid).not.toBe(uid);
    expect(created.metadata.creationTimestamp).not.toBe(chosen.creationTimestamp);
    expect(created.metadata).toMatchObject({ generation: 1 });
    expect(created.metadata.deletionTimestamp).toBeUndefined();

    // One implementation may refuse what another ignores.
    await api
      .apply(managedIdentities, identity(key, { metadata: chosen }), { fieldManager: "me", force: true })
      .catch(() => {});
    const { metadata } = await api.get(managedIdentities, key);
    expect(metadata).toMatchObject({ creationTimestamp: created.metadata.creationTimestamp, generation: 1 });
  });

  test("what was created can be got, and is what create returned", async () => {
    const { api, namespace } = world();
    const key = { namespace, name: "orders" };
    const created = await api.create(managedIdentities, identity(key, { spec: { disabled: true } }));
    expect(await api.get(managedIdentities, key)).toEqual(created);
    expect(created.spec.disabled).toBe(true);
  });

  test("a list that nobody waits for any more is none", async () => {
    const { api, namespace } = world();
    const listing = api.list(managedIdentities, { namespace, signal: AbortSignal.abort() });
    await expect(listing).rejects.toMatchObject({ reason: "ServiceUnavailable" });
  });

  test("a name is taken once", async () => {
    const { api, namespace } = world();
    const orders = identity({ namespace, name: "orders" });
    await api.create(managedIdentities, orders);
    await expect(api.create(managedIdentities, orders)).rejects.toMatchObject({
      reason: "AlreadyExists",
      message: 'managedidentities.lanyard.dev "orders" already exists',
    });
  });

  test("what does not exist is not found", async () => {
    const { api, namespace } = world();
    await expect(api.get(managedIdentities, { namespace, name: "nobody" })).rejects.toMatchObject({
      reason: "NotFound",
      message: 'managedidentities.lanyard.dev "nobody" not found',
    });
  });

  test.each(["Orders", "orders!", "-orders", "orders.", "a".repeat(254)])("the name %j is invalid", async (name) => {
    const { api, namespace } = world();
    await expect(api.create(managedIdentities, identity({ namespace, name }))).rejects.toMatchObject({
      reason: "Invalid",
      message: expect.stringContaining("metadata.name: Invalid value"),
    });
  });

  test("a field with a value that its schema does not take is invalid", async () => {
    const { api, namespace } = world();
    const wrong = identity({ namespace, name: "orders" }, { spec: { type: "Shared" } });
    await expect(api.create(managedIdentities, wrong)).rejects.toMatchObject({
      reason: "Invalid",
      message: expect.stringMatching(/^ManagedIdentity\.lanyard\.dev "orders" is invalid: .*spec\.type/),
    });
  });

  test("objects of one name in two kinds have nothing to do with each other", async () => {
    const { api, namespace } = world();
    const key = { namespace, name: "orders" };
    const one = await api.create(managedIdentities, identity(key));
    const other = await api.create(serviceAccounts, serviceAccount(key));
    expect(one.metadata.uid).not.toBe(other.metadata.uid);
  });

  test("a cluster-scoped object has no namespace", async () => {
    const { api } = world();
    const name = `contract-${randomUUID()}`;
    const created = await api.create(roleDefinitions, roleDefinition(name));
    expect(created.metadata.namespace).toBeUndefined();
    expect(await api.get(roleDefinitions, { name })).toEqual(created);
    await api.delete(roleDefinitions, { name });
  });

  test("a list holds the objects of its kind and namespace only", async () => {
    const { api, namespace } = world();
    const created = await api.create(managedIdentities, identity({ namespace, name: "orders" }));
    await api.create(serviceAccounts, serviceAccount({ namespace, name: "orders" }));
    expect((await api.list(managedIdentities, { namespace })).items).toEqual([created]);
    expect((await api.list(managedIdentities, { namespace: "default" })).items).not.toContainEqual(created);
    expect((await api.list(managedIdentities)).items).toContainEqual(created);
  });

  test("a list of one name holds that object alone", async () => {
    const { api, namespace } = world();
    const created = await api.create(managedIdentities, identity({ namespace, name: "orders" }));
    await api.create(managedIdentities, identity({ namespace, name: "reports" }));
    expect((await api.list(managedIdentities, { namespace, name: "orders" })).items).toEqual([created]);
    expect((await api.list(managedIdentities, { namespace, name: "nobody" })).items).toEqual([]);
  });

  test("what is handed out cannot change what is stored", async () => {
    const { api, namespace } = world();
    const key = { namespace, name: "orders" };
    const given = identity(key, { spec: { subjects: [{ serviceAccount: "orders" }] } });
    const created = await api.create(managedIdentities, given);
    try {
      Object.assign(created.spec, { disabled: true });
    } catch {
      // A frozen object refuses; a copy takes it and nobody sees it.
    }
    Object.assign(given.metadata, { name: "changed" });
    const stored = await api.get(managedIdentities, key);
    expect(stored.spec.disabled).toBe(false);
    expect(stored.metadata.name).toBe("orders");
  });
}
