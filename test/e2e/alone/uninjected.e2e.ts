/** Pods that were created while there was no webhook: they are found, and the command that repairs them is given. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { beforeAll, expect, test } from "vitest";
import { kubectlCommand } from "../../cluster/test-cluster.ts";
import { deployment } from "../support/application.ts";
import { askFrom, claimsIn } from "../support/ask.ts";
import { SYSTEM } from "../support/helm.ts";
import { apply, field, kubectl, theCluster, waitFor } from "../support/kubectl.ts";
import { useNamespaces } from "../support/namespaces.ts";
import { audienceOf, managedIdentity, protectedResource, readerOf } from "../support/objects.ts";
import { describeOnCluster } from "../support/on-cluster.ts";

const namespace = "e2e-uninjected";
const execute = promisify(execFile);

describeOnCluster("a Deployment whose pods were created without the webhook", () => {
  useNamespaces(namespace);

  beforeAll(async () => {
    await apply(
      managedIdentity({ namespace, name: "orders" }, ["default"]),
      protectedResource(namespace),
      readerOf(namespace, "orders", { managedIdentity: "orders" }),
    );
    await withoutWebhook(async () => {
      await apply(deployment({ namespace, name: "web" }));
      await waitFor(namespace, "Available", "deployment/web");
    });
  });

  const describeWeb = (): Promise<string> => kubectl("describe", `--namespace=${namespace}`, "deployment/web");
  const condition = (): Promise<string> =>
    field(namespace, "deployment/web", "{.status.conditions[?(@.reason=='NotInjected')].message}");

  test("has an Event and a condition that give the command which repairs it", async () => {
    const command = `kubectl rollout restart deployment/web -n ${namespace}`;
    await expect.poll(condition).toContain(command);
    await expect.poll(describeWeb).toMatch(new RegExp(`Warning +NotInjected .*${command}`));
  });

  test("is counted by a metric of the operator that leads", async () => {
    await expect.poll(uninjectedPods).toBe(1);
  });

  test("is repaired by that command, and then nothing is wrong with it any more", async () => {
    const [command = ""] = /kubectl rollout restart \S+ -n \S+[^\s.`,]/.exec(await condition()) ?? [];
    const [program, ...admin] = kubectlCommand(theCluster());
    await execute(program, [...admin, ...command.split(" ").slice(1)]);
    await kubectl("rollout", "status", `--namespace=${namespace}`, "deployment/web", "--timeout=80s");
    expect(claimsIn(await askFrom(namespace, "deployment/web", audienceOf(namespace))).roles).toEqual(["reader"]);
    await expect.poll(condition).toBe("");
    await expect.poll(uninjectedPods).toBe(0);
  });
});

/** As when a cluster is restored in the wrong order: what tells the API server of the webhook is gone, and comes back. */
async function withoutWebhook(run: () => Promise<void>): Promise<void> {
  const configuration = "mutatingwebhookconfiguration/lanyard-webhook";
  const saved = JSON.parse(await kubectl("get", configuration, "--output=json"));
  await kubectl("delete", configuration);
  try {
    await run();
  } finally {
    const { uid, resourceVersion, creationTimestamp, managedFields, ...metadata } = saved.metadata;
    await apply({ ...saved, metadata });
  }
}

async function uninjectedPods(): Promise<number> {
  const leader = await field(SYSTEM, "lease/lanyard-operator", "{.spec.holderIdentity}");
  const metrics = await kubectl("get", "--raw", `/api/v1/namespaces/${SYSTEM}/pods/${leader}:9090/proxy/metrics`);
  const [, count = "0"] =
    new RegExp(`^lanyard_uninjected_pods{.*namespace="${namespace}".*} (\\d+)$`, "m").exec(metrics) ?? [];
  return Number(count);
}
