import { Agent, request } from "node:https";
import { text } from "node:stream/consumers";
import { ISSUER_AUDIENCE } from "../../../identity/names.ts";
import type { KubeApi } from "../../../kube/api.ts";
import { roleAssignments } from "../../../kube/kinds.ts";
import { kubectl, type TestCluster } from "../../cluster/test-cluster.ts";
import { row, type Section } from "../report.ts";
import { AUDIENCE, RESOURCE } from "./objects.ts";
import { NAMESPACE, SERVICE_ACCOUNT } from "./pods.ts";
import { quantile } from "./quantile.ts";

/** Where the issuer is asked, from this machine. */
export interface IssuerAccess {
  readonly address: string;
  readonly servername: string;
  readonly ca: string;
}

interface GrantBench {
  readonly api: KubeApi;
  readonly issuer: IssuerAccess;
  /** Of a pod on the host network, whose address is this machine's. */
  readonly subjectToken: string;
  readonly trials: number;
}

/** From the write of a RoleAssignment to the first token that is given for it, and from its deletion to the first refusal. */
export async function benchGrantEffect(bench: GrantBench): Promise<Section> {
  const granted: number[] = [];
  const revoked: number[] = [];
  const agent = new Agent({ keepAlive: true, ca: bench.issuer.ca, servername: bench.issuer.servername });
  const key = { namespace: NAMESPACE, name: "bench-reads" };
  for (let trial = 0; trial < bench.trials; trial++) {
    granted.push(
      await elapsed(
        () => applyAssignment(bench.api, key),
        () => isIssued(bench, agent),
      ),
    );
    revoked.push(
      await elapsed(
        () => bench.api.delete(roleAssignments, key),
        async () => !(await isIssued(bench, agent)),
      ),
    );
  }
  agent.destroy();
  const figures = (name: string, values: readonly number[]) => [
    row(`${name}, p50`, "ms", { ours: quantile(values, 0.5) }),
    row(`${name}, p99`, "ms", { ours: quantile(values, 0.99), target: { atMost: 1000 } }),
  ];
  return {
    heading: "RoleAssignment → effect at the issuer",
    floor: "",
    rows: [...figures("applied → token", granted), ...figures("deleted → refused", revoked)],
    notes: [`${bench.trials} trials; the write itself is in the time. New tokens are asked for one after another.`],
  };
}

function applyAssignment(api: KubeApi, key: { readonly namespace: string; readonly name: string }): Promise<unknown> {
  const manifest = {
    ...{ apiVersion: roleAssignments.apiVersion, kind: roleAssignments.kind, metadata: key },
    spec: {
      principal: { managedIdentity: SERVICE_ACCOUNT, namespace: NAMESPACE },
      ...{ roleDefinition: "reader", resource: RESOURCE },
    },
  };
  return api.apply(roleAssignments, manifest, { fieldManager: "lanyard-bench" });
}

const PATIENCE_MS = 30_000;

async function elapsed(act: () => Promise<unknown>, isDone: () => Promise<boolean>): Promise<number> {
  const start = performance.now();
  await act();
  while (!(await isDone())) {
    if (performance.now() - start > PATIENCE_MS) throw new Error("A role assignment had no effect within 30 s.");
  }
  return performance.now() - start;
}

async function isIssued({ issuer, subjectToken }: GrantBench, agent: Agent): Promise<boolean> {
  const form = new URLSearchParams({
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    subject_token: subjectToken,
    subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
    audience: AUDIENCE,
  }).toString();
  const { status, body } = await post(`https://${issuer.address}/oauth2/token`, form, agent);
  if (status === 200) return true;
  if (/RoleAssignmentRequired|RateLimited/.test(body)) return false;
  throw new Error(`The issuer answered ${status}: ${body}`);
}

async function post(
  url: string,
  body: string,
  agent: Agent,
): Promise<{ readonly status: number; readonly body: string }> {
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>();
  const sent = request(url, { method: "POST", headers, agent }, (response) => {
    text(response).then((received) => resolve({ status: response.statusCode ?? 0, body: received }), reject);
  });
  sent.on("error", reject);
  sent.end(body);
  return promise;
}

/** The token that the kubelet would put into that pod. */
export async function podToken(cluster: TestCluster, pod: string): Promise<string> {
  const bound = ["--bound-object-kind=Pod", `--bound-object-name=${pod}`];
  const token = await kubectl(
    cluster,
    ...["create", "token", SERVICE_ACCOUNT, `--namespace=${NAMESPACE}`, `--audience=${ISSUER_AUDIENCE}`, ...bound],
  );
  return token.trim();
}
