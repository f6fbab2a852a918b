import { beforeEach, describe, expect, test } from "vitest";
import { Health } from "../../../cli/process/health.ts";
import type { Clock } from "../../../kube/clock.ts";
import { FakeClock } from "../../support/fake-clock.ts";

let clock: FakeClock;
let said: string[];
const log = {
  info: (_: object, message: string) => void said.push(message),
  warn: (fields: object, message: string) => void said.push(`${message} ${JSON.stringify(fields)}`),
};

beforeEach(() => {
  clock = new FakeClock();
  said = [];
});

describe("readiness", () => {
  test("waits for the start, and then for every check", () => {
    const health = new Health(clock, log);
    let problem: string | undefined = "the lease is unknown";
    health.readyIf(() => problem);
    health.waitFor("the cluster's state");
    expect(health.notReady()).toBe("waiting for the cluster's state");
    health.started();
    expect(health.notReady()).toBe("the lease is unknown");
    problem = undefined;
    expect(health.notReady()).toBeUndefined();
    health.end();
    expect(health.notReady()).toBe("ending");
  });

  test("is logged when it comes and when it goes, and not before", async () => {
    const health = new Health(clock, log);
    let problem: string | undefined = "the certificate has expired";
    health.readyIf(() => problem);
    health.started();
    await clock.advance(5_000);
    expect(said).toEqual([]);
    problem = undefined;
    await clock.advance(1_000);
    problem = "the certificate has expired";
    await clock.advance(5_000);
    expect(said).toEqual(["Ready.", 'The process is not ready any more. {"why":"the certificate has expired"}']);
  });
});

describe("liveness", () => {
  test("lasts while timers run and checks find nothing", async () => {
    const health = new Health(clock, log);
    await clock.advance(3_600_000);
    expect(health.notLive()).toBeUndefined();
  });

  test("ends when timers do not run any more", async () => {
    const stuck: Clock = { now: () => clock.now(), after: () => () => {} };
    const health = new Health(stuck, log);
    await clock.advance(59_000);
    expect(health.notLive()).toBeUndefined();
    await clock.advance(2_000);
    expect(health.notLive()).toContain("have not run for 61 s");
  });

  test("ends when a check finds something, but not while the process stops: it is to finish its work", () => {
    const health = new Health(clock, log);
    health.liveIf(() => "the watch of pods has stood still");
    expect(health.notLive()).toBe("the watch of pods has stood still");
    health.end();
    expect(health.notLive()).toBeUndefined();
    expect(clock.pending).toBe(0);
  });

  test("does not need readiness: a restart would not help", () => {
    const health = new Health(clock, log);
    health.waitFor("the API server");
    expect(health.notLive()).toBeUndefined();
  });
});
