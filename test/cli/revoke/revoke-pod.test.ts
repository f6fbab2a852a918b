import { expect, test } from "vitest";
import { type PodToRevoke, revokePod } from "../../../cli/revoke/revoke-pod.ts";
import { tokenRevocations } from "../../../kube/kinds.ts";
import { World } from "../../support/world.ts";
import type { Forbids } from "../cluster/limited-api.ts";
import { answered, testSession } from "../cluster/test-session.ts";

const uid = "6f0c2f0e-6d0c-4c55-9f63-0a8b6d9a2f11";
const noPods: Forbids = (_, plural) => plural === "pods";

/** What is said of the name, once the tokens are revoked. */
async function saidOf(named: Partial<PodToRevoke>, forbids?: Forbids): Promise<boolean> {
  const world = await World.create();
  await world.namespace("shop");
  await world.pod("shop/orders-0");
  const pod = { namespace: "shop", name: "orders-0", uid: undefined, ...named };
  const { notes } = await answered(revokePod(pod, { timeout: 1 }, testSession(world, forbids)), world.clock);
  expect((await world.api.list(tokenRevocations)).items).toHaveLength(1);
  return (notes ?? []).some((note) => note.startsWith(`There is no pod shop/${pod.name} now`));
}

test.each<{ what: string; named: Partial<PodToRevoke>; forbids?: Forbids; isSaid: boolean }>([
  { what: "of a pod that is there", named: {}, isSaid: false },
  { what: "of a name that no pod has", named: { name: "ordres-0" }, isSaid: true },
  { what: "of one that ended, by its UID", named: { name: "orders-1", uid }, isSaid: false },
  { what: "where pods cannot be seen", named: { name: "ordres-0" }, forbids: noPods, isSaid: false },
])("$what, the tokens are revoked; that there is none is said: $isSaid", async ({ named, forbids, isSaid }) => {
  expect(await saidOf(named, forbids)).toBe(isSaid);
});
