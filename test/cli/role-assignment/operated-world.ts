import { onTestFinished } from "vitest";
import { startOperator } from "../../../operator/operator.ts";
import { silentLog } from "../../support/silent-log.ts";
import type { World } from "../../support/world.ts";

/** Lets the operator work in a world, until the test ends. */
export async function operated(world: World): Promise<World> {
  const { api, clock } = world;
  const operator = startOperator({ api, clock, log: silentLog, kubernetesRoles: "ignore" });
  onTestFinished(() => operator.stop());
  await operator.synced;
  await clock.advance(1_000);
  return world;
}
