import { beforeEach, describe, expect, test } from "vitest";
import type { Manifest } from "../../../kube/api.ts";
import type { Kind, KubeObject } from "../../../kube/kind.ts";
import { managedIdentities, namespaces, roleDefinitions, serviceAccounts } from "../../../kube/kinds.ts";
import { InMemoryApi } from "../../../kube/memory/in-memory-api.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { type Fields, identity, namespaceNamed, ownedBy, roleDefinition, serviceAccount } from "../manifests.ts";
import { eventsUntil, eventText, isDeletionOf } from "../watching.ts";

const GONE_UID = "6f0c2c6e-3a52-4f8e-9d0f-3f2d1a7b9c55";
const HOLD = { finalizers: ["example.com/hold"] };

describe("garbage collection", () => {
  let api: InMemoryApi;

  beforeEach(() => {
    const kinds = [managedIdentities, namespaces, roleDefinitions, serviceAccounts];
    api = new InMemoryApi({ kinds, clock: new FakeClock() });
  });
  const owned = (name: string, ...owners: readonly Fields[]): Manifest =>
    identity({ namespace: "shop", name }, { metadata: { ownerReferences: owners.flatMap(referencesOf) } });
  const referencesOf = ({ metadata }: Fields): readonly unknown[] => {
    const references = (metadata as Fields).ownerReferences;
    return Array.isArray(references) ? references : [];
  };
  const create = (name: string, ...owners: readonly Fields[]) => api.create(managedIdentities, owned(name, ...owners));
  const account = (namespace: string) => api.create(serviceAccounts, serviceAccount({ namespace, name: "web" }));
  const names = async (kind: Kind<KubeObject> = managedIdentities): Promise<readonly string[]> =>
    (await api.list(kind)).items.map(({ metadata }) => metadata.name);
  const remove = (kind: Kind, name: string, namespace?: string) => api.delete(kind, { namespace, name });
  const reference = (object: KubeObject, uid = object.metadata.uid): Fields =>
    ownedBy({ ...object, metadata: { name: object.metadata.name, uid } });

  test("goes through all generations, each object once", async () => {
    const parent = await account("shop");
    const child = await create("child", reference(parent));
    const grandchild = await create("grandchild", reference(child));
    await create("both", reference(child), reference(grandchild));
    const { resourceVersion } = await api.list(managedIdentities);
    await remove(serviceAccounts, "web", "shop");
    expect(await names()).toEqual([]);
    await create("last");
    await remove(managedIdentities, "last", "shop");
    const events = await eventsUntil({ api, kind: managedIdentities, resourceVersion }, isDeletionOf("last"));
    expect(events.map(eventText).sort()).toEqual([
      ...["ADDED last", "DELETED both", "DELETED child", "DELETED grandchild", "DELETED last"],
    ]);
  });

  test("waits for the last of several owners", async () => {
    const [one, two] = [await create("one"), await create("two")];
    await create("child", reference(one), reference(two));
    await remove(managedIdentities, "one", "shop");
    expect(await names()).toEqual(["child", "two"]);
    await remove(managedIdentities, "two", "shop");
    expect(await names()).toEqual([]);
  });

  test("waits until an owner with finalizers is really gone", async () => {
    const hold = identity({ namespace: "shop", name: "owner" }, { metadata: HOLD });
    const owner = await api.apply(managedIdentities, hold, { fieldManager: "one" });
    await create("child", reference(owner));
    await remove(managedIdentities, "owner", "shop");
    expect(await names()).toEqual(["child", "owner"]);
    await api.apply(managedIdentities, identity({ namespace: "shop", name: "owner" }), { fieldManager: "one" });
    expect(await names()).toEqual([]);
  });

  test("an owner is meant by UID, not by name", async () => {
    await create("child", reference(await account("shop"), GONE_UID));
    expect(await names()).toEqual([]);
  });

  test("an owner in another namespace is none", async () => {
    await create("child", reference(await account("elsewhere")));
    expect(await names()).toEqual([]);
  });

  test("a cluster-scoped object can own in every namespace", async () => {
    const role = await api.create(roleDefinitions, roleDefinition("reader"));
    await create("child", reference(role));
    expect(await names()).toEqual(["child"]);
    await remove(roleDefinitions, "reader");
    expect(await names()).toEqual([]);
  });

  test("an owner of a kind that nobody knows counts as there", async () => {
    await create("child", ownedBy({ apiVersion: "v9", kind: "Ghost", metadata: { name: "ghost", uid: GONE_UID } }));
    expect(await names()).toEqual(["child"]);
  });

  test("a cluster-scoped object is not collected for the sake of a namespaced owner", async () => {
    const { metadata } = ownedBy({
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: "web", uid: GONE_UID },
    });
    const manifest = roleDefinition("reader");
    const owner = metadata as Fields;
    await api.create(roleDefinitions, { ...manifest, metadata: { ...manifest.metadata, ...owner } });
    expect(await names(roleDefinitions)).toEqual(["reader"]);
  });

  test("an object that gives its only owner up stays", async () => {
    const owner = await account("shop");
    await api.apply(managedIdentities, owned("child", reference(owner)), { fieldManager: "one" });
    await api.apply(managedIdentities, owned("child"), { fieldManager: "one" });
    await remove(serviceAccounts, "web", "shop");
    expect(await names()).toEqual(["child"]);
  });
});

describe("the deletion of a namespace", () => {
  let api: InMemoryApi;
  const AS_ONE = { fieldManager: "one" };

  beforeEach(async () => {
    api = new InMemoryApi({ kinds: [managedIdentities, namespaces, serviceAccounts], clock: new FakeClock() });
    for (const name of ["shop", "other"]) {
      await api.create(namespaces, namespaceNamed(name));
      await api.create(managedIdentities, identity({ namespace: name, name: "orders" }));
      await api.create(serviceAccounts, serviceAccount({ namespace: name, name: "orders" }));
    }
  });
  const removeShop = () => api.delete(namespaces, { name: "shop" });

  test("takes along what is in it, and nothing else", async () => {
    await removeShop();
    expect((await api.list(managedIdentities)).items.map(({ metadata }) => metadata.namespace)).toEqual(["other"]);
    expect((await api.list(serviceAccounts)).items.map(({ metadata }) => metadata.namespace)).toEqual(["other"]);
    await expect(api.get(namespaces, { name: "shop" })).rejects.toMatchObject({ reason: "NotFound" });
  });

  test("waits for the finalizers of what is in it, and takes nothing new meanwhile", async () => {
    const held = (finalizers: readonly string[]) =>
      identity({ namespace: "shop", name: "held" }, { metadata: { finalizers } });
    await api.apply(managedIdentities, held(HOLD.finalizers), AS_ONE);
    await removeShop();
    expect((await api.get(namespaces, { name: "shop" })).metadata.deletionTimestamp).toBeDefined();
    const late = api.create(managedIdentities, identity({ namespace: "shop", name: "late" }));
    await expect(late).rejects.toMatchObject({
      reason: "Forbidden",
      message:
        'managedidentities.lanyard.dev "late" is forbidden: unable to create new content in namespace shop because it is being terminated',
    });
    await api.apply(managedIdentities, held([]), AS_ONE);
    await expect(api.get(namespaces, { name: "shop" })).rejects.toMatchObject({ reason: "NotFound" });
  });

  test("is told after what was in it", async () => {
    const { resourceVersion } = await api.list(namespaces);
    await removeShop();
    const last = (await api.list(namespaces)).resourceVersion;
    const events = await eventsUntil({ api, kind: namespaces, resourceVersion }, isDeletionOf("shop"));
    expect(events.map(eventText)).toEqual(["MODIFIED shop", "DELETED shop"]);
    expect(events.at(-1)).toMatchObject({ object: { metadata: { resourceVersion: last } } });
  });
});
