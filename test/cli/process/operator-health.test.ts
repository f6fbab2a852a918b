import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Check } from "../../../cli/process/health.ts";
import { createMetrics } from "../../../cli/process/metrics.ts";
import { type OperatorOptions, startOperatorProcess } from "../../../cli/process/operator-process.ts";
import type { ProcessContext, Running } from "../../../cli/process/run-process.ts";
import { installation, TENANT_NAMESPACE } from "../../../identity/names.ts";
import type { KubeApi } from "../../../kube/api.ts";
import { leases, secrets } from "../../../kube/cluster-kinds.ts";
import type { Kind } from "../../../kube/kind.ts";
import { allKinds, managedIdentities, namespaces } from "../../../kube/kinds.ts";
import { InMemoryApi } from "../../../kube/memory/in-memory-api.ts";
import { StatusError } from "../../../kube/status-error.ts";
import { clusterKinds, rbacKinds } from "../../kube/cluster-kinds.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { silentLog } from "../../support/silent-log.ts";

const namespace = "lanyard-system";
const options: OperatorOptions = {
  ...{
    namespace,
    operationsPort: 0,
    logLevel: "warn",
    clusterDomain: "cluster.local",
    certificates: "own",
    identityGracePeriod: 0,
    workload: [{ apiGroup: "argoproj.io", resource: "rollouts" }],
  },
  ...{ webhookService: "lanyard-webhook", issuerService: "lanyard-issuer" },
  ...{ mutatingWebhook: "lanyard-webhook", validatingWebhook: "lanyard-webhook" },
};

let clock: FakeClock;
let api: InMemoryApi;
/** Which plurals the API server does not answer about. */
let away: (plural: string) => boolean;
let running: Running | undefined;
let hasStarted: boolean;
/** Whether the CRD of Rollouts is there. */
let isInstalled: boolean;
let readiness: Check[];
let liveness: Check[];

beforeEach(async () => {
  clock = new FakeClock();
  api = new InMemoryApi({ kinds: [...allKinds, ...clusterKinds, ...rbacKinds], clock });
  for (const name of [TENANT_NAMESPACE, namespace]) {
    await api.create(namespaces, { apiVersion: "v1", kind: "Namespace", metadata: { name } });
  }
  away = () => false;
  running = undefined;
  hasStarted = false;
  isInstalled = false;
  readiness = [];
  liveness = [];
});
afterEach(async () => {
  away = () => false;
  const stopping = running?.stop();
  await clock.advance(60_000);
  await stopping;
});

/** The API as the operator reaches it: every call about a plural that is away fails. */
function reachable(): KubeApi {
  return new Proxy(api, {
    get(target, name: keyof KubeApi) {
      const call = target[name].bind(target) as (kind: Kind, ...rest: unknown[]) => unknown;
      return (kind: Kind, ...rest: unknown[]) => {
        if (!away(kind.plural)) return call(kind, ...rest);
        const error = new StatusError("ServiceUnavailable", "connect ECONNREFUSED");
        if (name === "watch") throw error;
        return Promise.reject(error);
      };
    },
  });
}

async function raw(path: string): Promise<unknown> {
  if (!isInstalled) throw new StatusError("NotFound", "none");
  if (path === "/apis/argoproj.io") return { preferredVersion: { groupVersion: "argoproj.io/v1" } };
  return { resources: [{ name: "rollouts", kind: "Rollout", namespaced: true }] };
}

function startOperator(): void {
  const context: ProcessContext = {
    ...{ api: reachable(), clock, namespace, instance: "operator-1", log: silentLog, auditLog: silentLog },
    metrics: createMetrics("operator", "1.0.0"),
    raw,
    serverVersion: async () => ({ major: 1, minor: 34 }),
    ...{ isEnding: () => false, waitFor() {} },
    readyIf: (check) => void readiness.push(check),
    liveIf: (check) => void liveness.push(check),
    fail: (error) => {
      throw error;
    },
  };
  void startOperatorProcess(options)(context).then((started) => {
    running = started;
    hasStarted = true;
  });
}

/** Keys are made in real time, during which no reconciliation ends. */
async function keysAreMade(): Promise<void> {
  const made = [installation.signingKeysSecret, installation.webhookServingSecret, installation.issuerServingSecret];
  await vi.waitFor(async () => {
    await clock.advance(1_000);
    for (const name of made) await api.get(secrets, { namespace, name });
  }, 20_000);
  await clock.advance(MINUTE);
}

const firstOf = (checks: readonly Check[]): string | undefined => checks.map((check) => check()).find(Boolean);
const notReady = (): string | undefined => (hasStarted ? firstOf(readiness) : "it has not started");
const MINUTE = 60_000;

test("an operator that never reached the API server is not ready, and live", async () => {
  away = () => true;
  startOperator();
  await clock.advance(15 * MINUTE);
  expect(notReady()).toBe("it has not started");
  expect(firstOf(liveness)).toBeUndefined();
});

test("nor is one that may not read the lease", async () => {
  away = (plural) => plural === "leases";
  startOperator();
  await clock.advance(15 * MINUTE);
  expect(notReady()).toBe("it has not started");
});

test("a leader is ready once its watches hold the cluster's state", async () => {
  away = (plural) => plural === "roleassignments";
  startOperator();
  await clock.advance(MINUTE);
  expect(notReady()).toBe("waiting for the cluster's state");
  away = () => false;
  await clock.advance(MINUTE);
  expect(notReady()).toBeUndefined();
});

test("a replica that stands by is ready while it can read the lease", async () => {
  const spec = { holderIdentity: "operator-2", leaseDurationSeconds: 3_600_000, leaseTransitions: 0 };
  const metadata = { namespace, name: installation.leaderLease };
  await api.create(leases, { apiVersion: leases.apiVersion, kind: leases.kind, metadata, spec });
  startOperator();
  await clock.advance(MINUTE);
  expect(notReady()).toBeUndefined();
});

test("a leader that loses its lease in an outage is not ready, stays live, and is ready again afterwards", async () => {
  startOperator();
  await keysAreMade();
  expect(notReady()).toBeUndefined();
  away = () => true;
  await clock.advance(15 * MINUTE);
  expect(notReady()).toBe("the API server has not answered about Lease lanyard-operator for 30 s");
  expect(firstOf(liveness)).toBeUndefined();
  away = () => false;
  await clock.advance(MINUTE);
  expect(notReady()).toBeUndefined();
});

test("an operator whose leader election has stopped is not live", async () => {
  startOperator();
  await clock.advance(MINUTE);
  // The API server takes the renewal and never answers, and the request does not time out either.
  const stuck = Promise.withResolvers<never>();
  api.apply = () => stuck.promise;
  await clock.advance(11 * MINUTE);
  expect(firstOf(liveness)).toMatch(/^the leader election has stood still for \d+ s$/);
  stuck.reject(new StatusError("ServiceUnavailable", "the test is over"));
});

test("a lease that is lost during a restart for a new kind leaves no operator that works without it", async () => {
  startOperator();
  await keysAreMade();
  // A reconciliation that does not end holds up the restart until the lease is lost.
  const held = Promise.withResolvers<never>();
  api.applyStatus = () => held.promise;
  await api.create(managedIdentities, {
    ...{ apiVersion: managedIdentities.apiVersion, kind: managedIdentities.kind },
    ...{ metadata: { namespace, name: "orders" }, spec: {} },
  });
  await clock.advance(1_000);
  isInstalled = true;
  await clock.advance(MINUTE);
  away = (plural) => plural === "leases";
  await clock.advance(MINUTE);
  let calls = 0;
  away = (plural) => {
    if (plural !== "leases") calls++;
    return plural === "leases";
  };
  isInstalled = false;
  held.reject(new StatusError("ServiceUnavailable", "the connection broke"));
  await clock.advance(10 * MINUTE);
  expect(calls).toBe(0);
  Reflect.deleteProperty(api, "applyStatus");
  away = () => false;
  await clock.advance(MINUTE);
  expect(notReady()).toBeUndefined();
});
