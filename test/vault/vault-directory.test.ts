import { expect, onTestFinished, test } from "vitest";
import { protectedResources } from "../../kube/kinds.ts";
import { VaultDirectory } from "../../vault/vault-directory.ts";
import { settle } from "../support/fake-clock.ts";
import { silentLog } from "../support/silent-log.ts";
import { World } from "../support/world.ts";

const KEY = { namespace: "payments", name: "vault" };

test("a vault that is being deleted serves nothing, and keeps what it has until it is gone", async () => {
  const { directory, world } = await directoryOf("https://vault.payments.svc");
  await world.api.apply(
    protectedResources,
    {
      ...{ apiVersion: protectedResources.apiVersion, kind: protectedResources.kind },
      metadata: { ...KEY, finalizers: ["example.com/slow"] },
    },
    { fieldManager: "holder" },
  );
  await settle();
  const vault = directory.at(KEY);
  if (vault === undefined) throw new Error("expected a vault");

  await world.delete(protectedResources, "payments/vault");
  await settle();
  expect(directory.at(KEY)).toBeUndefined();
  expect(directory.has(vault)).toBe(true);
});

async function directoryOf(audience: string) {
  const world = await World.create();
  await world.namespace("payments");
  await world.resource("payments/vault", audience, { vault: {} });
  const directory = new VaultDirectory({ api: world.api, clock: world.clock, log: silentLog });
  onTestFinished(() => directory.stop());
  await directory.synced;
  return { directory, world };
}
