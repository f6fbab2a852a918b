import { expect, test } from "vitest";
import { StatusError } from "../../kube/status-error.ts";
import { startQueue } from "../../operator/reconcile-queue.ts";
import { FakeClock } from "../support/fake-clock.ts";

test("races that were won in between are not counted together", async () => {
  const clock = new FakeClock();
  const errors: object[] = [];
  const log = { info() {}, warn() {}, error: (fields: object) => void errors.push(fields) };
  let racesToLose = 0;
  const queue = startQueue({ clock, log }, "a-controller", async () => {
    if (racesToLose-- > 0) throw new StatusError("Conflict", "the object has been modified");
  });
  for (let round = 0; round < 2; round++) {
    racesToLose = 3;
    queue.add("shop/orders");
    await queue.idle();
    await clock.advance(10_000);
  }
  await queue.stop();
  expect(errors).toEqual([]);
});
