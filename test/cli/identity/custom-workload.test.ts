import { expect, onTestFinished, test } from "vitest";
import { removeIdentity } from "../../../cli/identity/remove.ts";
import { showIdentity } from "../../../cli/identity/show.ts";
import { annotations } from "../../../identity/names.ts";
import { customWorkload } from "../../../kube/custom-workloads.ts";
import type { Kind, KubeObject } from "../../../kube/kind.ts";
import { allKinds, managedIdentities } from "../../../kube/kinds.ts";
import { startOperator } from "../../../operator/operator.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { silentLog } from "../../support/silent-log.ts";
import { World } from "../../support/world.ts";
import type { Forbids } from "../cluster/limited-api.ts";
import { answered, testSession } from "../cluster/test-session.ts";

const rollouts = customWorkload("argoproj.io/v1alpha1", "Rollout", "rollouts");
const IDENTITY = "shop/Rollout/web";

/** Rollout shop/web with its pod, and with the identity that the operator made for it. */
async function withRollout(): Promise<World> {
  const world = await World.create(new FakeClock(), [...allKinds, rollouts]);
  await world.namespace("shop");
  const { api, clock } = world;
  const operator = startOperator({
    ...{ api, clock, log: silentLog, kubernetesRoles: "ignore", customWorkloads: [rollouts] },
  });
  onTestFinished(() => operator.stop());
  const rollout = await api.apply(
    rollouts,
    {
      ...{ apiVersion: "argoproj.io/v1alpha1", kind: "Rollout" },
      metadata: { namespace: "shop", name: "web", annotations: { [annotations.systemAssigned]: "true" } },
    },
    { fieldManager: "helm" },
  );
  await world.pod("shop/web-a", { controller: rollout });
  await operator.synced;
  await clock.advance(1_000);
  return world;
}

const session = (world: World, forbids: Forbids = () => false, kinds: readonly Kind[] = [rollouts]) =>
  testSession(world, forbids, kinds);
const identities = async ({ api }: World): Promise<readonly KubeObject[]> => (await api.list(managedIdentities)).items;

test("remove takes the annotation from a workload of another API, and removes its identity at once", async () => {
  const world = await withRollout();
  expect(await identities(world)).toHaveLength(1);
  const removal = removeIdentity(IDENTITY, {}, session(world));
  expect((await answered(removal, world.clock)).code).toBe(0);
  const rollout = await world.api.get(rollouts, { namespace: "shop", name: "web" });
  expect(rollout.metadata.annotations?.[annotations.systemAssigned]).toBeUndefined();
  expect(await identities(world)).toEqual([]);
});

test("remove deletes an identity whose kind the API server no longer serves", async () => {
  const world = await withRollout();
  const operatorless = await World.create();
  await operatorless.namespace("shop");
  const rollout = await world.api.get(rollouts, { namespace: "shop", name: "web" });
  await operatorless.systemIdentity("shop/rollout-web", rollout);
  const removal = removeIdentity(
    IDENTITY,
    {},
    session(operatorless, () => false, []),
  );
  expect((await answered(removal, operatorless.clock)).code).toBe(0);
  expect(await identities(operatorless)).toEqual([]);
});

test("show lists the pods below a workload of another API", async () => {
  const { text, code } = await showIdentity(IDENTITY, session(await withRollout()));
  expect(text).toMatch(/^Pods now {2,}shop\/web-a$/m);
  expect(code).toBe(0);
});

test("show says that pods are missing if a person may not read that workload", async () => {
  const { incomplete, code } = await showIdentity(
    IDENTITY,
    session(await withRollout(), (verb, plural) => verb === "get" && plural === "rollouts"),
  );
  expect(incomplete?.[0]).toContain("you may not get rollouts.argoproj.io in namespace shop");
  expect(code).toBe(2);
});

test.each([
  ["shop/Rollout/other", "annotate it with lanyard.dev/system-assigned"],
  ["shop/Deploymnt/web", 'Did you mean "Deployment"?'],
  ["shop/rollout/web", '"rollout" is no kind of workload'],
])("remove of %s says what to do", async (text, says) => {
  await expect(removeIdentity(text, {}, session(await withRollout()))).rejects.toThrow(says);
});
