import { Command } from "commander";
import { beforeEach, expect, test } from "vitest";
import { watchDiscovery, workloadOption } from "../../../cli/process/workload-resources.ts";
import { StatusError } from "../../../kube/status-error.ts";
import { FakeClock } from "../../support/fake-clock.ts";

const parsed = (...args: readonly string[]) =>
  new Command()
    .exitOverride()
    .configureOutput({ writeErr() {} })
    .addOption(workloadOption())
    .parse(args, { from: "user" })
    .opts();

test("--workload is RESOURCE.GROUP, and may be there several times", () => {
  expect(parsed("--workload=rollouts.argoproj.io", "--workload", "services.serving.knative.dev")).toEqual({
    workload: [
      { resource: "rollouts", apiGroup: "argoproj.io" },
      { resource: "services", apiGroup: "serving.knative.dev" },
    ],
  });
});

test.each(["secrets", "secrets.", "deployments.apps", "Rollouts.argoproj.io", "rollouts.argoproj.io/x"])(
  "--workload %s is wrong use",
  (text) => expect(() => parsed("--workload", text)).toThrow("Expected RESOURCE.GROUP"),
);

let clock: FakeClock;
let isInstalled: boolean;
let version: string;
beforeEach(() => {
  clock = new FakeClock();
  isInstalled = false;
  version = "v1alpha1";
});

const raw = async (path: string): Promise<unknown> => {
  if (!isInstalled) throw new StatusError("NotFound", "none");
  if (path === "/apis/argoproj.io") return { preferredVersion: { groupVersion: `argoproj.io/${version}` } };
  return { resources: [{ name: "rollouts", kind: "Rollout", namespaced: true }] };
};

test("a CRD that is installed later, or changes its version, is noticed within a minute", async () => {
  const warned: unknown[] = [];
  const log = { info() {}, warn: (fields: object) => void warned.push(fields), error() {} };
  let changes = 0;
  const resources = [{ apiGroup: "argoproj.io", resource: "rollouts" }];
  const discovery = await watchDiscovery(resources, { raw, clock, log }, () => changes++);
  expect(discovery.kinds()).toEqual([]);
  await clock.advance(300_000);
  expect([changes, warned.length]).toEqual([0, 1]);
  isInstalled = true;
  await clock.advance(60_000);
  expect(discovery.kinds()).toMatchObject([{ apiVersion: "argoproj.io/v1alpha1", kind: "Rollout" }]);
  version = "v1";
  await clock.advance(60_000);
  expect(discovery.kinds()).toMatchObject([{ apiVersion: "argoproj.io/v1" }]);
  expect(changes).toBe(2);
  discovery.stop();
  expect(clock.pending).toBe(0);
});

test("an API server that is away changes nothing", async () => {
  isInstalled = true;
  let isAway = false;
  const asked = async (path: string): Promise<unknown> => {
    if (isAway) throw new StatusError("ServiceUnavailable", "away");
    return raw(path);
  };
  const log = { info() {}, warn() {}, error() {} };
  let changes = 0;
  const resources = [{ apiGroup: "argoproj.io", resource: "rollouts" }];
  const discovery = await watchDiscovery(resources, { raw: asked, clock, log }, () => changes++);
  isAway = true;
  await clock.advance(600_000);
  expect([changes, discovery.kinds().length]).toEqual([0, 1]);
  discovery.stop();
});
