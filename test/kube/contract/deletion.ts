import { expect, test } from "vitest";
import { managedIdentities, serviceAccounts } from "../../../kube/kinds.ts";
import type { World } from "../contract.ts";
import { type Fields, identity, ownedBy, serviceAccount } from "../manifests.ts";
import { eventsUntil, isDeletionOf } from "../watching.ts";

const FINALIZER = { metadata: { finalizers: ["example.com/hold"] } };
const OTHER_UID = "6f0c2c6e-3a52-4f8e-9d0f-3f2d1a7b9c55";

export function describeDeletion(world: () => World): void {
  const key = (name: string) => ({ namespace: world().namespace, name });
  const create = (name: string, fields?: Fields) => world().api.create(managedIdentities, identity(key(name), fields));
  const get = (name: string) => world().api.get(managedIdentities, key(name));
  const apply = (name: string, fields: Fields) =>
    world().api.apply(managedIdentities, identity(key(name), fields), { fieldManager: "owner" });

  test("a deleted object is gone", async () => {
    await create("orders");
    await world().api.delete(managedIdentities, key("orders"));
    await expect(get("orders")).rejects.toMatchObject({ reason: "NotFound" });
    await expect(world().api.delete(managedIdentities, key("orders"))).rejects.toMatchObject({ reason: "NotFound" });
  });

  test("an object made again under the same name is another one", async () => {
    const first = await create("orders");
    await world().api.delete(managedIdentities, key("orders"));
    expect((await create("orders")).metadata.uid).not.toBe(first.metadata.uid);
  });

  test("a precondition that does not hold is a conflict", async () => {
    const { metadata } = await create("orders");
    const remove = (preconditions: { uid?: string; resourceVersion?: string }) =>
      world().api.delete(managedIdentities, key("orders"), { preconditions });
    await expect(remove({ uid: OTHER_UID })).rejects.toMatchObject({ reason: "Conflict" });
    await expect(remove({ resourceVersion: "1" })).rejects.toMatchObject({ reason: "Conflict" });
    await remove({ uid: metadata.uid, resourceVersion: metadata.resourceVersion });
    await expect(get("orders")).rejects.toMatchObject({ reason: "NotFound" });
  });

  test("an object stays, marked, until its last finalizer is taken off", async () => {
    await apply("orders", FINALIZER);
    await world().api.delete(managedIdentities, key("orders"));
    expect((await get("orders")).metadata.deletionTimestamp).toBeDefined();
    await world().api.delete(managedIdentities, key("orders"));
    await apply("orders", {});
    await expect(get("orders")).rejects.toMatchObject({ reason: "NotFound" });
  });

  test("a marked object takes no new finalizer", async () => {
    await apply("orders", FINALIZER);
    await world().api.delete(managedIdentities, key("orders"));
    const another = { metadata: { finalizers: [...FINALIZER.metadata.finalizers, "example.com/late"] } };
    await expect(apply("orders", another)).rejects.toMatchObject({
      reason: "Invalid",
      message: expect.stringContaining("no new finalizers can be added if the object is being deleted"),
    });
    await apply("orders", {});
  });

  test("what an object owned is deleted after it", async () => {
    const { api, namespace } = world();
    const owner = await api.create(serviceAccounts, serviceAccount(key("web")));
    await create("web-identity", ownedBy(owner));
    await create("unowned");
    const { resourceVersion } = await api.list(managedIdentities, { namespace });
    await api.delete(serviceAccounts, key("web"));
    await eventsUntil({ api, kind: managedIdentities, namespace, resourceVersion }, isDeletionOf("web-identity"));
    await expect(get("unowned")).resolves.toBeDefined();
  });

  test("an object whose owner never existed is deleted", async () => {
    const { api, namespace } = world();
    const owner = await api.create(serviceAccounts, serviceAccount(key("web")));
    const { resourceVersion } = await api.list(managedIdentities, { namespace });
    await create("orphan", ownedBy({ ...owner, metadata: { name: "web", uid: OTHER_UID } }));
    await eventsUntil({ api, kind: managedIdentities, namespace, resourceVersion }, isDeletionOf("orphan"));
  });
}
