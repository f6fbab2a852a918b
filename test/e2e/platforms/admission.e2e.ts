/** Namespaces, nodes and pods as other platforms have them, in front of the real API server and kubelet. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { labels } from "../../../identity/names.ts";
import { pod, programs } from "../support/application.ts";
import { apply, field, kubectl, run, waitFor } from "../support/kubectl.ts";
import { deleteNamespaces, makeNamespaces, OWN, namespace as restrictedNamespace } from "../support/namespaces.ts";
import { managedIdentity, restricted, serviceAccount } from "../support/objects.ts";
import { describeOnCluster } from "../support/on-cluster.ts";

const openShift = "e2e-openshift";
const bounded = "e2e-bounded";
const plain = "e2e-plain";
const POLICY = "e2e-scc-restricted-v2";

/** What OpenShift's restricted-v2 does to user ids: only those of the namespace's range are allowed. */
const sccPolicy = [
  {
    ...{ apiVersion: "admissionregistration.k8s.io/v1", kind: "ValidatingAdmissionPolicy", metadata: { name: POLICY } },
    spec: {
      matchConstraints: {
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": openShift } },
        resourceRules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] }],
      },
      variables: [
        {
          name: "all",
          expression: "object.spec.containers + (has(object.spec.initContainers) ? object.spec.initContainers : [])",
        },
      ],
      validations: [
        {
          expression:
            "variables.all.all(c, !has(c.securityContext) || !has(c.securityContext.runAsUser) || (c.securityContext.runAsUser >= 1000660000 && c.securityContext.runAsUser <= 1000669999))",
          message: "runAsUser: must be in the ranges: [1000660000, 1000669999]",
        },
      ],
    },
  },
  {
    ...{ apiVersion: "admissionregistration.k8s.io/v1", kind: "ValidatingAdmissionPolicyBinding" },
    metadata: { name: POLICY },
    spec: { policyName: POLICY, validationActions: ["Deny"] },
  },
];

const openShiftNamespace = {
  apiVersion: "v1",
  kind: "Namespace",
  metadata: {
    name: openShift,
    labels: { ...OWN, [labels.inject]: "enabled" },
    annotations: { "openshift.io/sa.scc.uid-range": "1000660000/10000" },
  },
};

const bounds = [
  {
    ...{ apiVersion: "v1", kind: "ResourceQuota", metadata: { name: "team", namespace: bounded } },
    spec: { hard: { "requests.cpu": "2", "requests.memory": "4Gi", "limits.cpu": "2", "limits.memory": "4Gi" } },
  },
  {
    ...{ apiVersion: "v1", kind: "LimitRange", metadata: { name: "team", namespace: bounded } },
    spec: {
      limits: [
        {
          ...{ type: "Container", min: { cpu: "10m", memory: "32Mi" }, max: { cpu: "1", memory: "1Gi" } },
          maxLimitRequestRatio: { memory: "2" },
        },
      ],
    },
  },
];

/** What becomes of an object at admission, without storing it. */
async function admitted(object: object): Promise<{ readonly stderr: string; readonly containers: readonly string[] }> {
  const { stdout, stderr } = await run(["create", "--dry-run=server", "--output=json", "--filename=-"], [object]);
  const { spec = {} }: { readonly spec?: PodLists } = JSON.parse(stdout);
  return { stderr, containers: [...(spec.initContainers ?? []), ...(spec.containers ?? [])].map(({ name }) => name) };
}

interface PodLists {
  readonly initContainers?: readonly { readonly name: string }[];
  readonly containers?: readonly { readonly name: string }[];
}

const podWith = (spec: object, metadata: object = {}): object => ({
  ...{ apiVersion: "v1", kind: "Pod", metadata: { namespace: plain, name: "dry", ...metadata } },
  spec: { containers: [{ name: "app", image: "registry.example/app:1", securityContext: restricted }], ...spec },
});

describeOnCluster("a pod on another platform", () => {
  beforeAll(async () => {
    await makeNamespaces(plain, bounded);
    await apply(openShiftNamespace, programs(openShift));
    await apply(...sccPolicy, ...bounds);
    await apply(
      ...[plain, bounded, openShift].map((namespace) => managedIdentity({ namespace, name: "orders" }, ["default"])),
    );
  });

  afterAll(async () => {
    await kubectl("delete", "validatingadmissionpolicybinding,validatingadmissionpolicy", POLICY, "--ignore-not-found");
    await deleteNamespaces(plain, bounded, openShift);
  });

  test("OpenShift's user ids: the sidecar names none, and the pod starts", async () => {
    const fixedUser = podWith(
      {
        containers: [
          { name: "app", image: "registry.example/app:1", securityContext: { ...restricted, runAsUser: 65_532 } },
        ],
      },
      { namespace: openShift },
    );
    await expect.poll(() => admitted(fixedUser).then(() => "admitted", String)).toContain("must be in the ranges");
    const { runAsUser: _, ...securityContext } = restricted;
    await apply(pod({ namespace: openShift, name: "app", container: { securityContext } }));
    await waitFor(openShift, "Ready", "pod/app");
    expect(
      await field(openShift, "pod/app", '{.spec.initContainers[?(@.name=="lanyard")].securityContext.runAsUser}'),
    ).toBe("");
  });

  test("a quota and limit ranges: the sidecar names what they demand, and the pod starts", async () => {
    const resources = { requests: { cpu: "50m", memory: "128Mi" }, limits: { cpu: "100m", memory: "128Mi" } };
    await apply(pod({ namespace: bounded, name: "app", container: { resources } }));
    await waitFor(bounded, "Ready", "pod/app");
    const sidecar = await field(bounded, "pod/app", '{.spec.initContainers[?(@.name=="lanyard")].resources}');
    expect(JSON.parse(sidecar)).toEqual({
      requests: { cpu: "10m", memory: "32Mi" },
      limits: { cpu: "100m", memory: "64Mi" },
    });
  });

  test("a Guaranteed pod stays Guaranteed", async () => {
    const resources = { requests: { cpu: "100m", memory: "128Mi" }, limits: { cpu: "100m", memory: "128Mi" } };
    await apply(pod({ namespace: plain, name: "guaranteed", container: { resources } }));
    await waitFor(plain, "Ready", "pod/guaranteed");
    expect(await field(plain, "pod/guaranteed", "{.status.qosClass}")).toBe("Guaranteed");
  });

  test("the annotations of the sidecar's resources are followed", async () => {
    const annotations = { "lanyard.dev/sidecar-cpu-limit": "200m", "lanyard.dev/sidecar-memory-request": "24Mi" };
    await apply(pod({ namespace: plain, name: "annotated", annotations }));
    const sidecar = await field(plain, "pod/annotated", '{.spec.initContainers[?(@.name=="lanyard")].resources}');
    expect(JSON.parse(sidecar)).toMatchObject({ requests: { memory: "24Mi" }, limits: { cpu: "200m" } });
  });

  describe("Windows", () => {
    const term = (operator: string, ...values: string[]) => ({
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchExpressions: [{ key: "kubernetes.io/os", operator, values }] }],
          },
        },
      },
    });
    const windowsClass = {
      apiVersion: "node.k8s.io/v1",
      kind: "RuntimeClass",
      metadata: { name: "e2e-windows", labels: OWN },
    };

    beforeAll(() =>
      apply({ ...windowsClass, handler: "runc", scheduling: { nodeSelector: { "kubernetes.io/os": "windows" } } }),
    );
    afterAll(() => kubectl("delete", "runtimeclass/e2e-windows", "--ignore-not-found"));

    test.each<[string, object]>([
      ["node affinity", term("In", "windows")],
      ["node affinity against Linux", term("NotIn", "linux")],
      ["the old label", { nodeSelector: { "beta.kubernetes.io/os": "windows" } }],
      ["a RuntimeClass", { runtimeClassName: "e2e-windows" }],
    ])("by %s: no sidecar, and a message", async (_, spec) => {
      const { containers, stderr } = await admitted(podWith(spec));
      expect(containers).toEqual(["app"]);
      expect(stderr).toContain("WindowsPod");
    });

    test("beside Linux: a sidecar", async () => {
      expect((await admitted(podWith(term("In", "windows", "linux")))).containers).toContain("lanyard");
    });
  });

  test.each<[string, object, string]>([
    ["a resolver of the node", podWith({ dnsPolicy: "Default" }), "IssuerUnresolved"],
    [
      "a resolver of its own",
      podWith({ dnsPolicy: "None", dnsConfig: { nameservers: ["192.0.2.1"] } }),
      "IssuerUnresolved",
    ],
    [
      "Azure Workload Identity beside",
      podWith({}, { labels: { "azure.workload.identity/use": "true" } }),
      "WorkloadIdentityBeside",
    ],
  ])("%s is warned of", async (_, object, code) => {
    const { stderr, containers } = await admitted(object);
    expect(stderr).toContain(code);
    expect(containers).toContain("lanyard");
  });
});

describeOnCluster("an opt-in that has no effect where it is written", () => {
  const elsewhere = "e2e-elsewhere";
  beforeAll(() => apply(restrictedNamespace(elsewhere, { isOptedIn: false })));
  afterAll(() => deleteNamespaces(elsewhere));

  const workload = (metadata: object, template: object = {}): object => ({
    ...{ apiVersion: "apps/v1", kind: "Deployment", metadata: { namespace: elsewhere, name: "dry", ...metadata } },
    spec: {
      selector: { matchLabels: { app: "dry" } },
      template: {
        metadata: { ...template, labels: { app: "dry", ...(template as { labels?: object }).labels } },
        spec: { containers: [{ name: "app", image: "registry.example/app:1", securityContext: restricted }] },
      },
    },
  });
  const optIn = { "lanyard.dev/inject": "true" };
  const cronJob = {
    ...{ apiVersion: "batch/v1", kind: "CronJob", metadata: { namespace: elsewhere, name: "dry", labels: optIn } },
    spec: {
      schedule: "0 0 * * *",
      jobTemplate: {
        spec: {
          template: {
            spec: {
              restartPolicy: "Never",
              containers: [{ name: "app", image: "registry.example/app:1", securityContext: restricted }],
            },
          },
        },
      },
    },
  };
  const ownNamespace = (metadata: object) => ({
    ...{ apiVersion: "v1", kind: "Namespace", metadata: { name: "e2e-dry", ...metadata } },
  });

  test.each<[string, object, string]>([
    ["an annotation of a pod", podWith({}, { namespace: elsewhere, annotations: optIn }), "is a label"],
    ["an annotation of a pod template", workload({}, { annotations: optIn }), "spec.template.metadata.labels"],
    ["an annotation of a workload", workload({ annotations: optIn }), "spec.template.metadata.labels"],
    ["a label of a workload", workload({ labels: optIn }), "spec.template.metadata.labels"],
    ["a label of a CronJob", cronJob, "spec.jobTemplate.spec.template.metadata.labels"],
    ["another spelling of true", workload({}, { labels: { "lanyard.dev/inject": "True" } }), '"true" or "false"'],
    [
      "an identity named by a workload",
      workload({ annotations: { "lanyard.dev/identity": "a" } }, { labels: optIn }),
      "spec.template.metadata.annotations",
    ],
    ["a namespace with true", ownNamespace({ labels: optIn }), "lanyard.dev/inject: enabled"],
    ["an annotation of a namespace", ownNamespace({ annotations: optIn }), "lanyard.dev/inject: enabled"],
    [
      "a label of a ServiceAccount",
      {
        ...serviceAccount({ namespace: elsewhere, name: "dry" }),
        metadata: { namespace: elsewhere, name: "dry", labels: optIn },
      },
      "no effect on a ServiceAccount",
    ],
  ])("%s is told where to stand", async (_, object, advice) => {
    // A new policy takes the API server a moment to hold.
    await expect.poll(async () => (await admitted(object)).stderr).toContain(advice);
  });

  test.each<[string, object]>([
    [
      "a label of the pod template",
      workload({ annotations: { "lanyard.dev/system-assigned": "true" } }, { labels: optIn }),
    ],
    ["a namespace that is enabled", ownNamespace({ labels: { "lanyard.dev/inject": "enabled" } })],
    ["a workload without a word", workload({})],
  ])("%s is no reason for a warning", async (_, object) => {
    expect((await admitted(object)).stderr).toBe("");
  });
});
