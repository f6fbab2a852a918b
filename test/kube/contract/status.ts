import { expect, test } from "vitest";
import type { ManagedIdentity } from "../../../identity/managed-identity.ts";
import { managedIdentities, serviceAccounts } from "../../../kube/kinds.ts";
import type { World } from "../contract.ts";
import { condition, type Fields, identity, serviceAccount } from "../manifests.ts";

export function describeStatus(world: () => World): void {
  const orders = (fields?: Fields) => identity({ namespace: world().namespace, name: "orders" }, fields);
  const applyStatus = (fieldManager: string, status: Fields, others: Fields = {}): Promise<ManagedIdentity> =>
    world().api.applyStatus(managedIdentities, orders({ ...others, status }), { fieldManager });
  const readyOf = ({ status }: ManagedIdentity) => status?.conditions?.map(({ type, status: is }) => `${type}=${is}`);

  test("a write of the object leaves the status alone", async () => {
    const { api } = world();
    const created = await api.create(managedIdentities, orders({ status: { clientId: "mine" } }));
    expect(created.status).toBeUndefined();
    await applyStatus("operator", { clientId: "theirs" });
    const applied = await api.apply(managedIdentities, orders({ status: { clientId: "mine" } }), {
      fieldManager: "me",
    });
    expect(applied.status?.clientId).toBe("theirs");
  });

  test("a write of the status leaves the object alone, and its generation", async () => {
    await world().api.create(managedIdentities, orders({ spec: { disabled: true } }));
    const others = { spec: { disabled: false }, metadata: { labels: { a: "yes" } } };
    const { spec, metadata, status } = await applyStatus("operator", { clientId: "theirs" }, others);
    expect(spec.disabled).toBe(true);
    expect(metadata).toMatchObject({ generation: 1 });
    expect(metadata.labels ?? {}).toEqual({});
    expect(status?.clientId).toBe("theirs");
  });

  test("the same status again writes nothing", async () => {
    await world().api.create(managedIdentities, orders());
    const first = await applyStatus("operator", { conditions: [condition("Ready")] });
    const again = await applyStatus("operator", { conditions: [condition("Ready")] });
    expect(again.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
  });

  test("a missing object has no status to write", async () => {
    await expect(applyStatus("operator", { clientId: "theirs" })).rejects.toMatchObject({ reason: "NotFound" });
  });

  test("a kind without the subresource has no status to write", async () => {
    const { api, namespace } = world();
    const account = serviceAccount({ namespace, name: "orders" }, { status: {} });
    await api.create(serviceAccounts, account);
    const writing = api.applyStatus(serviceAccounts, account, { fieldManager: "operator" });
    await expect(writing).rejects.toMatchObject({ reason: "NotFound" });
  });

  test("conditions of two managers stand side by side, keyed by type", async () => {
    await world().api.create(managedIdentities, orders());
    await applyStatus("one", { conditions: [condition("Ready", "False")] });
    expect(readyOf(await applyStatus("two", { conditions: [condition("Audited")] }))).toEqual([
      "Ready=False",
      "Audited=True",
    ]);
    expect(readyOf(await applyStatus("one", { conditions: [condition("Ready")] }))).toEqual([
      "Ready=True",
      "Audited=True",
    ]);
    expect(readyOf(await applyStatus("one", {}))).toEqual(["Audited=True"]);
  });

  test("another manager's condition is a conflict", async () => {
    await world().api.create(managedIdentities, orders());
    await applyStatus("one", { conditions: [condition("Ready", "False")] });
    await expect(applyStatus("two", { conditions: [condition("Ready")] })).rejects.toMatchObject({
      reason: "Conflict",
      message: expect.stringContaining('.status.conditions[type="Ready"].status'),
    });
  });

  test("what a manager applied to the object and to its status it owns apart", async () => {
    const { api } = world();
    await api.apply(managedIdentities, orders({ spec: { disabled: true } }), { fieldManager: "one" });
    await applyStatus("one", { clientId: "theirs" });
    const applied = await api.apply(managedIdentities, orders({ spec: { disabled: true } }), { fieldManager: "one" });
    expect(applied.status?.clientId).toBe("theirs");
  });

  test("a resourceVersion that is not the current one is a conflict", async () => {
    const { metadata } = await world().api.create(managedIdentities, orders());
    await applyStatus("one", { clientId: "first" });
    const stale = applyStatus(
      "one",
      { clientId: "second" },
      { metadata: { resourceVersion: metadata.resourceVersion } },
    );
    await expect(stale).rejects.toMatchObject({ reason: "Conflict" });
  });
}
