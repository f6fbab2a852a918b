import { expect, test } from "vitest";
import { followServerVersion } from "../../../cli/process/server-version.ts";
import { FakeClock, settle } from "../../support/fake-clock.ts";

const log = { info() {}, warn() {}, error() {} };

test("a server that is upgraded is noticed within a minute, and one that is away is asked again", async () => {
  const clock = new FakeClock();
  let answer: () => Promise<{ major: number; minor: number }> = async () => ({ major: 1, minor: 28 });
  const version = await followServerVersion({ serverVersion: () => answer(), clock, log });
  expect(version.current().minor).toBe(28);
  answer = async () => Promise.reject(new Error("away"));
  await clock.advance(60_000);
  await settle();
  expect(version.current().minor).toBe(28);
  answer = async () => ({ major: 1, minor: 34 });
  await clock.advance(60_000);
  await settle();
  expect(version.current().minor).toBe(34);
  version.stop();
  expect(clock.pending).toBe(0);
});
