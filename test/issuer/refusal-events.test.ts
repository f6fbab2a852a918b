import { describe, expect, test } from "vitest";
import { refusals } from "../../identity/reasons.ts";
import { refusalEvents } from "../../issuer/refusal-events.ts";
import { events, managedIdentities, pods } from "../../kube/kinds.ts";
import { settle } from "../support/fake-clock.ts";
import { type Shop, shop } from "../support/shop.ts";

async function eventsOf(it: Shop) {
  await settle();
  return (await it.world.api.list(events)).items;
}

describe("a refusal of a pod that proved who it is", () => {
  test("is an Event on the pod, with what to write where", async () => {
    const it = await shop();
    await it.world.delete(managedIdentities, "shop/orders");
    await it.exchange();
    expect(await eventsOf(it)).toMatchObject([
      {
        type: "Warning",
        reason: "NoIdentity",
        action: "RefuseToken",
        reportingController: "lanyard.dev/issuer",
        note: expect.stringContaining("Add ServiceAccount shop/orders to spec.subjects of a ManagedIdentity"),
        regarding: { apiVersion: "v1", kind: "Pod", namespace: "shop", name: "orders-1", uid: it.pod.metadata.uid },
      },
    ]);
  });

  test("is one Event however often it is asked again", async () => {
    const it = await shop();
    for (let count = 0; count < 5; count++) await it.exchange({ audience: `https://${count}.svc` });
    const told = await eventsOf(it);
    expect(told.map(({ reason }) => reason)).toEqual(["AudienceNotRegistered"]);
    expect(told[0]?.series?.count).toBeGreaterThan(1);
  });

  test("is told of a stolen token too", async () => {
    const it = await shop();
    await it.world.pod("shop/thief", { addresses: ["127.0.0.1"] });
    await it.exchange();
    expect(await eventsOf(it)).toMatchObject([{ reason: "SourceAddressMismatch", regarding: { name: "orders-1" } }]);
  });
});

const gone = async (it: Shop) => {
  await it.world.delete(pods, "shop/orders-1");
  return {};
};

test.each([
  ["a token that was changed", async (it: Shop) => ({ subject_token: `${it.subjectToken.slice(0, -8)}AAAAAAAA` })],
  ["a pod that is gone", gone],
  ["a request that is malformed", async () => ({ actor_token: "a" })],
])("nobody makes Events with %s", async (_name, change) => {
  const it = await shop();
  expect((await it.exchange(await change(it))).status).toBeGreaterThanOrEqual(400);
  expect(await eventsOf(it)).toEqual([]);
});

test("while the API server takes none, the number of those that wait is bounded, and no reply waits", async () => {
  const written: (() => void)[] = [];
  const record = () => new Promise<void>((resolve) => written.push(resolve));
  const onRefused = refusalEvents({ record });
  const pod = (uid: number) => ({ pod: { namespace: "shop", name: "orders", uid: String(uid) } });
  for (let uid = 0; uid < 1000; uid++) onRefused(refusals.NoIdentity("shop/orders"), pod(uid));
  expect(written).toHaveLength(256);
  for (const resolve of written.splice(0)) resolve();
  await settle();
  onRefused(refusals.NoIdentity("shop/orders"), pod(1));
  expect(written).toHaveLength(1);
});
