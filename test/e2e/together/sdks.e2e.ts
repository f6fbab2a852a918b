/** Programs with the unmodified SDK of each language, inside pods. */
import { beforeAll, expect, test } from "vitest";
import { apply, field, waitFor } from "../support/kubectl.ts";
import { useNamespaces } from "../support/namespaces.ts";
import { managedIdentity, protectedResource, readerOf, serviceAccount } from "../support/objects.ts";
import { describeOnCluster } from "../support/on-cluster.ts";
import { claimsLine, lastLine, progressLine, type SdkContainer, sdkContainer } from "../support/sdk-application.ts";

const namespace = "e2e-sdks";
const resourceId = `/namespaces/${namespace}/managedIdentities/orders`;

describeOnCluster("unmodified SDKs inside pods", () => {
  useNamespaces(namespace);

  beforeAll(() =>
    apply(
      serviceAccount({ namespace, name: "orders" }),
      managedIdentity({ namespace, name: "orders" }, ["orders"]),
      protectedResource(namespace),
      readerOf(namespace, "orders-reads-stock", { managedIdentity: "orders" }),
      readerOf(namespace, "tick-reads-stock", { workload: { kind: "CronJob", name: "tick" } }),
      cronJob(),
      job(),
      ...(["javascript", "python", "go", "java"] as const).map(deployment),
    ),
  );

  test.each(["javascript", "python", "go", "java"])(
    "%s: a Deployment's pod gets tokens, its init container too",
    async (language) => {
      const pod = [`--namespace=${namespace}`, `deployment/${language}`];
      await waitFor(namespace, "Available", `deployment/${language}`);
      const { claims } = await lastLine([...pod, "--container=once"], claimsLine);
      expect(claims).toMatchObject({ xms_mirid: resourceId, roles: ["reader"] });
      const progress = () => lastLine([...pod, "--container=loop"], progressLine);
      await expect.poll(progress).toMatchObject({ asked: expect.any(Number), failed: 0 });
    },
  );

  test("a Job finishes: the sidecar does not keep it alive", async () => {
    await waitFor(namespace, "Complete", "job/once");
    const { claims } = await lastLine([`--namespace=${namespace}`, "job/once", "--container=once"], claimsLine);
    expect(claims.xms_mirid).toBe(resourceId);
  });

  test("a CronJob finishes, with an identity of its own", async () => {
    const lastSuccess = () => field(namespace, "cronjob/tick", "{.status.lastSuccessfulTime}");
    await expect.poll(lastSuccess, { timeout: 85_000 }).not.toBe("");
    const pod = [`--namespace=${namespace}`, "--selector=app=tick", "--container=once"];
    const { claims } = await lastLine(pod, claimsLine);
    expect(claims.xms_mirid).toMatch(/\/cronjob-tick-[0-9a-f]{10}$/);
  });
});

function deployment(language: SdkContainer["language"]): object {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { namespace, name: language },
    spec: {
      selector: { matchLabels: { app: language } },
      template: {
        metadata: { labels: { app: language } },
        spec: {
          ...podFields,
          initContainers: [sdkContainer({ mode: "once", language, namespace })],
          containers: [sdkContainer({ mode: "loop", language, namespace })],
        },
      },
    },
  };
}

const podFields = {
  serviceAccountName: "orders",
  automountServiceAccountToken: false,
  terminationGracePeriodSeconds: 1,
};

const onePod = (serviceAccountName: string): object => ({
  ...{ ...podFields, serviceAccountName, restartPolicy: "Never" },
  containers: [sdkContainer({ mode: "once", language: "javascript", namespace })],
});

function job(): object {
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { namespace, name: "once" },
    spec: { backoffLimit: 0, template: { spec: onePod("orders") } },
  };
}

function cronJob(): object {
  const template = { metadata: { labels: { app: "tick" } }, spec: onePod("default") };
  return {
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: { namespace, name: "tick", annotations: { "lanyard.dev/system-assigned": "true" } },
    spec: { schedule: "* * * * *", jobTemplate: { spec: { backoffLimit: 0, template } } },
  };
}
