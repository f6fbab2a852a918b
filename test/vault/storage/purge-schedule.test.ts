import { expect, onTestFinished, test } from "vitest";
import { vaultErrors } from "../../../vault/protocol/vault-error.ts";
import type { IndexedSecret } from "../../../vault/storage/indexed-secret.ts";
import { startPurgeSchedule } from "../../../vault/storage/purge-schedule.ts";
import type { SecretStore } from "../../../vault/storage/secret-store.ts";
import { FakeClock, settle } from "../../support/fake-clock.ts";
import { silentLog } from "../../support/silent-log.ts";

/** Deleted secrets whose time has come, in a store of which the test says how it changes one. */
async function purging(
  count: number,
  change: (name: string, all: IndexedSecret[]) => ReturnType<SecretStore["change"]>,
) {
  const clock = new FakeClock();
  const now = Math.floor(clock.now() / 1000);
  const vault = { uid: "v", namespace: "payments", name: "vault" };
  const deletion = { deleted: now - 10, scheduledPurge: now - 1 };
  const newest = { id: "0".repeat(32), enabled: true, created: now, updated: now };
  const outlines = Array.from({ length: count }, (_, at) => `s${at}`).map(
    (name): IndexedSecret => ({ vault, name, newest, hasLongTags: false, bytes: 1, deletion }),
  );
  const schedule = startPurgeSchedule({
    ...{ clock, log: silentLog },
    index: { all: () => outlines, onChange: () => () => {} },
    store: { change: (_vault, name) => change(name, outlines) },
    isThere: () => true,
  });
  onTestFinished(() => schedule.stop());
  await clock.advance(0);
  await settle();
  return clock;
}

test("what came due all at once is purged a few at a time", async () => {
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  await purging(10, (name) => {
    begun.push(name);
    const { promise, resolve } = Promise.withResolvers<undefined>();
    ends.push(() => resolve(undefined));
    return promise;
  });
  expect(begun).toEqual(["s0", "s1", "s2", "s3"]);
  ends[1]?.();
  await settle();
  expect(begun).toEqual(["s0", "s1", "s2", "s3", "s4"]);
  for (let at = 0; at < 10; at++) {
    ends[at]?.();
    await settle();
  }
  expect(begun).toHaveLength(10);
});

test("one that others change all the time is tried again, and not at once", async () => {
  let tries = 0;
  const clock = await purging(1, async () => {
    tries += 1;
    return vaultErrors.ServiceUnavailable("Secret s0 is being changed by too many others at once");
  });
  await clock.advance(59_000);
  expect(tries).toBe(1);
  await clock.advance(1_000);
  expect(tries).toBe(2);
});

test("one that another replica has purged is done", async () => {
  let tries = 0;
  const clock = await purging(1, async (name, all) => {
    tries += 1;
    all.pop();
    return vaultErrors.DeletedSecretNotFound(name);
  });
  await clock.advance(3_600_000);
  expect(tries).toBe(1);
});
