import { expect, test } from "vitest";
import { managedIdentities, serviceAccounts } from "../../../kube/kinds.ts";
import type { World } from "../contract.ts";
import { type Fields, identity, serviceAccount } from "../manifests.ts";
import { eventsUntil, eventText, isDeletionOf } from "../watching.ts";

export function describeWatch(world: () => World): void {
  const key = (name: string) => ({ namespace: world().namespace, name });
  const create = (name: string) => world().api.create(managedIdentities, identity(key(name)));
  const apply = (name: string, fields: Fields) =>
    world().api.apply(managedIdentities, identity(key(name), fields), { fieldManager: "one" });
  const remove = (name: string) => world().api.delete(managedIdentities, key(name));
  const watchFrom = (resourceVersion: string) => ({ ...world(), kind: managedIdentities, resourceVersion });
  const listVersion = async () => (await world().api.list(managedIdentities, world())).resourceVersion;

  test("tells what happened since a list, in order", async () => {
    await create("before");
    const from = await listVersion();
    await create("orders");
    await apply("orders", { spec: { token: { lifetime: "2h" } } });
    await world().api.create(serviceAccounts, serviceAccount(key("of-another-kind")));
    await remove("orders");
    const events = await eventsUntil(watchFrom(from), isDeletionOf("orders"));
    expect(events.map(eventText)).toEqual(["ADDED orders", "MODIFIED orders", "DELETED orders"]);
  });

  test("goes on while things happen", async () => {
    const watching = eventsUntil(watchFrom(await listVersion()), isDeletionOf("orders"));
    await create("orders");
    await remove("orders");
    expect((await watching).map(eventText)).toEqual(["ADDED orders", "DELETED orders"]);
  });

  test("a watch of one name tells of that object alone", async () => {
    const from = await listVersion();
    await create("reports");
    await create("orders");
    await remove("reports");
    await remove("orders");
    const events = await eventsUntil({ ...watchFrom(from), name: "orders" }, isDeletionOf("orders"));
    expect(events.map(eventText)).toEqual(["ADDED orders", "DELETED orders"]);
  });

  test("resumes after any event without missing or repeating one", async () => {
    const from = await listVersion();
    const { metadata } = await create("first");
    await create("second");
    await remove("second");
    const all = await eventsUntil(watchFrom(from), isDeletionOf("second"));
    const rest = await eventsUntil(watchFrom(metadata.resourceVersion), isDeletionOf("second"));
    expect(rest).toEqual(all.slice(1));
  });

  test("a deletion's version is later than the object's last one", async () => {
    const from = await listVersion();
    const { metadata } = await create("orders");
    await remove("orders");
    const deletion = (await eventsUntil(watchFrom(from), isDeletionOf("orders"))).at(-1);
    expect(deletion?.type === "DELETED" && deletion.object.metadata.resourceVersion).not.toBe(metadata.resourceVersion);
  });

  test("a write that changes nothing is no event", async () => {
    const from = await listVersion();
    await apply("orders", {});
    await apply("orders", {});
    await remove("orders");
    const events = await eventsUntil(watchFrom(from), isDeletionOf("orders"));
    expect(events.map(eventText)).toEqual(["ADDED orders", "DELETED orders"]);
  });

  test("ends when its signal aborts", async () => {
    const stopping = new AbortController();
    const { api, namespace } = world();
    const options = { namespace, resourceVersion: await listVersion(), signal: stopping.signal };
    const ending = (async () => {
      for await (const event of api.watch(managedIdentities, options)) if (event.type !== "BOOKMARK") return event.type;
      return "ended";
    })();
    stopping.abort();
    expect(await ending).toBe("ended");
  });
}
