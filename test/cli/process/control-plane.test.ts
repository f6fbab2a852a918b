import { once } from "node:events";
import { Agent, request } from "node:https";
import { json } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Check } from "../../../cli/process/health.ts";
import { type IssuerProcessOptions, startIssuerProcess } from "../../../cli/process/issuer-process.ts";
import { createMetrics } from "../../../cli/process/metrics.ts";
import { type OperatorOptions, startOperatorProcess } from "../../../cli/process/operator-process.ts";
import type { ProcessContext, Running } from "../../../cli/process/run-process.ts";
import { startWebhookProcess, type WebhookOptions } from "../../../cli/process/webhook-process.ts";
import { installation, TENANT_NAMESPACE } from "../../../identity/names.ts";
import { mutatingWebhookConfigurations, secrets } from "../../../kube/cluster-kinds.ts";
import { allKinds, namespaces, roleDefinitions } from "../../../kube/kinds.ts";
import { InMemoryApi } from "../../../kube/memory/in-memory-api.ts";
import { secretText } from "../../../kube/secret-data.ts";
import { boundingKinds, clusterKinds, rbacKinds } from "../../kube/cluster-kinds.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { silentLog } from "../../support/silent-log.ts";

const namespace = "lanyard-system";
const common = { namespace, operationsPort: 0, logLevel: "warn" } as const;
const serving = { port: 0, connections: 1_000, connectionsPerAddress: 500 };
const issuerOptions: IssuerProcessOptions = {
  ...{ ...common, ...serving, requestsPerAddress: 2_000, url: "https://lanyard-issuer.lanyard-system.svc" },
  unregisteredAudiences: "refuse",
  nodeSourceAddresses: "refuse",
  decisionNamespaces: [],
  auditDecisions: "all",
  statusListTtl: 30,
  workload: [],
  unknownSourceAddresses: "allow",
};
const webhookOptions: WebhookOptions = {
  ...{
    ...common,
    ...serving,
    sidecarImage: "lanyard.dev/sidecar:1",
    sidecarResources: {},
    issuerUrl: issuerOptions.url,
  },
  sidecarImagePullPolicy: "IfNotPresent",
  mutatingWebhook: "lanyard-webhook",
  timeoutSeconds: 5,
  runAsUser: "auto",
};
const operatorOptions: OperatorOptions = {
  ...{ ...common, webhookService: "lanyard-webhook", clusterDomain: "cluster.local", issuerService: "lanyard-issuer" },
  ...{ mutatingWebhook: "lanyard-webhook", validatingWebhook: "lanyard-webhook" },
  certificates: "own",
  identityGracePeriod: 0,
  workload: [],
};

let api: InMemoryApi;
let clock: FakeClock;
let isEnding = false;
const running: Running[] = [];
const waitedFor: string[] = [];
const readiness: Check[] = [];

beforeEach(async () => {
  isEnding = false;
  waitedFor.length = 0;
  readiness.length = 0;
  clock = new FakeClock(Date.now());
  api = new InMemoryApi({ kinds: [...allKinds, ...clusterKinds, ...rbacKinds, ...boundingKinds], clock });
  for (const name of [TENANT_NAMESPACE, namespace]) {
    await api.create(namespaces, { apiVersion: "v1", kind: "Namespace", metadata: { name } });
  }
  await api.create(mutatingWebhookConfigurations, {
    ...{ apiVersion: mutatingWebhookConfigurations.apiVersion, kind: mutatingWebhookConfigurations.kind },
    metadata: { name: webhookOptions.mutatingWebhook },
    webhooks: [{ name: "pods.lanyard.dev", clientConfig: {} }],
  });
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((part) => part.stop()));
});

const documents: Readonly<Record<string, unknown>> = {
  "/.well-known/openid-configuration": { issuer: "https://kubernetes.default.svc" },
  "/openid/v1/jwks": { keys: [] },
};

function contextOf(process: string, onServing: (port: number) => void = () => {}): ProcessContext {
  return {
    ...{ api, clock, namespace, instance: `${process}-1`, metrics: createMetrics(process, "1.0.0") },
    log: {
      info: (fields) => void ("port" in fields && typeof fields.port === "number" && onServing(fields.port)),
      warn() {},
      error() {},
    },
    auditLog: silentLog,
    raw: async (path) => documents[path],
    serverVersion: async () => ({ major: 1, minor: 34 }),
    isEnding: () => isEnding,
    waitFor: (what) => void waitedFor.push(`${process}: ${what}`),
    readyIf: (check) => void readiness.push(check),
    liveIf() {},
    fail: (error) => {
      throw error;
    },
  };
}

async function start(process: string, act: (context: ProcessContext) => Promise<Running>): Promise<number> {
  const { promise: port, resolve } = Promise.withResolvers<number>();
  running.push(await act(contextOf(process, resolve)));
  return port;
}

async function get(port: number, servername: string, path: string) {
  const serving = await api.get(secrets, { namespace, name: installation.issuerServingSecret });
  const agent = new Agent({ keepAlive: true, ca: secretText(serving, "ca.crt"), servername });
  const sent = request({ agent, host: "127.0.0.1", port, path }).end();
  const [response] = await once(sent, "response");
  const body = await json(response);
  agent.destroy();
  return { status: response.statusCode, connection: response.headers.connection, body };
}

test("the operator makes what the other two wait for, and each serves what the authority vouches for", async () => {
  const issuerStarting = start("issuer", startIssuerProcess(issuerOptions));
  const webhookStarting = start("webhook", startWebhookProcess(webhookOptions, "1.0.0"));
  expect(waitedFor).toContain("issuer: Secret lanyard-signing-keys, which the operator makes");
  running.push(await startOperatorProcess(operatorOptions)(contextOf("operator")));

  const [issuer, webhook] = await Promise.all([issuerStarting, webhookStarting]);
  const keys = await get(issuer, "lanyard-issuer.lanyard-system.svc", "/keys");
  expect(keys).toMatchObject({ status: 200, body: { keys: [{ kty: "RSA" }, { kty: "EC" }] } });
  expect(await get(webhook, "lanyard-webhook.lanyard-system.svc", "/")).toMatchObject({ status: 404 });
  await expect(get(webhook, "lanyard-issuer.lanyard-system.svc", "/")).rejects.toThrow(/altnames/);
  expect(waitedFor).toContain("webhook: Secret lanyard-webhook-serving with a certificate");
  expect(waitedFor).toContain("webhook: caBundle of MutatingWebhookConfiguration lanyard-webhook");
  expect((await api.list(roleDefinitions)).items.map(({ metadata }) => metadata.name)).toContain("kubernetes-view");
});

test("a process whose certificate has expired is not ready", async () => {
  running.push(await startOperatorProcess(operatorOptions)(contextOf("operator")));
  readiness.length = 0;
  await start("issuer", startIssuerProcess(issuerOptions));
  const problems = (): string[] => readiness.flatMap((check) => check() ?? []);
  expect(problems()).toEqual([]);
  // Nobody renews it: the operator is stopped.
  await running.shift()?.stop();
  await clock.advance(400 * 24 * 3_600_000);
  expect(problems()).toEqual(["the certificate of Secret lanyard-issuer-serving has expired"]);
});

test("a process that is asked to end still answers, and lets no connection be kept", async () => {
  running.push(await startOperatorProcess(operatorOptions)(contextOf("operator")));
  const issuer = await start("issuer", startIssuerProcess(issuerOptions));
  expect(await get(issuer, "lanyard-issuer.lanyard-system.svc", "/keys")).toMatchObject({
    status: 200,
    connection: "keep-alive",
  });
  isEnding = true;
  expect(await get(issuer, "lanyard-issuer.lanyard-system.svc", "/keys")).toMatchObject({
    status: 200,
    connection: "close",
  });
});
