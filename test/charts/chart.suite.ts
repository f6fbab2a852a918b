import { describe, expect, test } from "vitest";
import { z } from "zod";
import { customResources } from "../../identity/custom-resources.ts";
import { chart, helm, LOCAL_IMAGES, ofKind, only, type Rendered, render } from "./chart.ts";
import { deploymentSpec } from "./pods.ts";

const processes = ["operator", "webhook", "issuer"];
/** The beta API of Kubernetes 1.28 and 1.29, where it is turned on. */
const betaPolicies = "admissionregistration.k8s.io/v1beta1/ValidatingAdmissionPolicy";
const everything = {
  serviceMonitor: { enabled: true },
  certificates: { certManager: { enabled: true } },
  imdsRedirect: { image: "example.com/nft:1" },
};

test("Helm has nothing to say against the chart", async () => {
  expect(await helm("lint", "--strict", LOCAL_IMAGES, chart)).toContain("0 chart(s) failed");
});

test.each([
  { version: "1.27.16", answer: "incompatible" },
  { version: "1.28.0", answer: "taken" },
])("Kubernetes $version is $answer: matchConditions of a webhook are on since 1.28", async ({ version, answer }) => {
  const rendered = helm(
    "template",
    "lanyard",
    chart,
    LOCAL_IMAGES,
    `--kube-version=${version}`,
    `--api-versions=${betaPolicies}`,
  );
  expect(await rendered.then(() => "taken", String)).toContain(answer);
});

const kindsOf = (objects: readonly Rendered[]): string[] => [...new Set(objects.map(({ kind }) => kind))].sort();

test("the default values make these kinds, and no Secret", async () => {
  expect(kindsOf(await render())).toEqual([
    ...["ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition", "Deployment", "MutatingWebhookConfiguration"],
    ...["NetworkPolicy", "Pod", "PodDisruptionBudget", "PriorityClass", "Role", "RoleBinding", "Service"],
    ...["ServiceAccount", "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"],
    "ValidatingWebhookConfiguration",
  ]);
});

test.each<[string, object, readonly string[]]>([
  ["crds.install", { crds: { install: false } }, ["CustomResourceDefinition"]],
  ["networkPolicies.enabled", { networkPolicies: { enabled: false } }, ["NetworkPolicy"]],
  ["priorityClass.create", { priorityClass: { create: false } }, ["PriorityClass"]],
  [
    "admissionPolicies.enabled",
    { admissionPolicies: { enabled: false } },
    ["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"],
  ],
])("%s takes its kind away, and nothing else", async (_value, values, gone) => {
  const kept = kindsOf(await render()).filter((kind) => !gone.includes(kind));
  expect(kindsOf(await render({ values: { ...values } }))).toEqual(kept);
});

test("each process has a Deployment, an account, a Service, a budget, policies and roles of its own", async () => {
  const objects = await render({ values: everything });
  const kinds = [
    ...["Deployment", "ServiceAccount", "Service", "PodDisruptionBudget", "NetworkPolicy", "ServiceMonitor"],
    ...["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"],
  ];
  for (const process of processes) for (const kind of kinds) only(objects, kind, `lanyard-${process}`);
});

describe.each([
  { release: {}, prefix: "lanyard" },
  { release: { name: "id", namespace: "platform" }, prefix: "id-lanyard" },
  { release: { values: { fullnameOverride: "identity" }, namespace: "platform" }, prefix: "identity" },
])("a release whose names begin with $prefix", ({ release, prefix }) => {
  const namespace = release.namespace ?? "lanyard-system";
  const clusterScoped = [
    ...["ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition", "PriorityClass"],
    ...["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"],
    ...["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"],
  ];

  test("has every object in its namespace, or in none", async () => {
    const wrong = (await render(release)).filter(
      ({ kind, metadata }) => metadata.namespace !== (clusterScoped.includes(kind) ? undefined : namespace),
    );
    expect(wrong).toEqual([]);
  });

  test("names every object after itself, but the CRDs", async () => {
    const objects = (await render(release)).filter(({ kind }) => kind !== "CustomResourceDefinition");
    expect(objects.map(({ metadata }) => metadata.name).filter((name) => !name.startsWith(prefix))).toEqual([]);
  });

  test("labels every object as its own", async () => {
    const own = { "app.kubernetes.io/instance": release.name ?? "lanyard", "app.kubernetes.io/part-of": "lanyard" };
    for (const { metadata } of await render(release)) expect(metadata.labels).toMatchObject(own);
  });

  test.each(processes)("tells the processes each other's names, as the %s has them", async (process) => {
    const objects = await render(release);
    const { template } = deploymentSpec(only(objects, "Deployment", `${prefix}-${process}`));
    const named = template.spec.containers[0]?.args.filter((arg) =>
      /^--(namespace|.*webhook|.*service|.*url)/.test(arg),
    );
    const url = `https://${prefix}-issuer.${namespace}.svc`;
    const expected: Readonly<Record<string, readonly string[]>> = {
      operator: [
        ...[`--webhook-service=${prefix}-webhook`, `--issuer-service=${prefix}-issuer`],
        ...[`--mutating-webhook=${prefix}-webhook`, `--validating-webhook=${prefix}-webhook`],
      ],
      webhook: [`--issuer-url=${url}`, `--mutating-webhook=${prefix}-webhook`],
      issuer: [`--url=${url}`],
    };
    expect(named).toEqual([`--namespace=${namespace}`, ...(expected[process] ?? [])]);
  });
});

const lastingLabels = ["component", "instance", "name"].map((name) => `app.kubernetes.io/${name}`);

const selecting = z.looseObject({
  spec: z.looseObject({
    selector: z
      .union([z.object({ matchLabels: z.record(z.string(), z.string()) }), z.record(z.string(), z.string())])
      .optional(),
    podSelector: z.object({ matchLabels: z.record(z.string(), z.string()) }).optional(),
  }),
});

test.each(["Deployment", "Service", "PodDisruptionBudget", "NetworkPolicy"])(
  "each %s selects the pods of its own process, and of no other",
  async (kind) => {
    const objects = await render();
    const podLabels = processes.map(
      (process) => deploymentSpec(only(objects, "Deployment", `lanyard-${process}`)).template.metadata.labels,
    );
    for (const object of ofKind(objects, kind)) {
      const { selector, podSelector } = selecting.parse(object).spec;
      const found = podSelector ?? selector;
      const wanted = Object.entries(found && "matchLabels" in found ? Object(found.matchLabels) : (found ?? {}));
      // Others, such as the version, would part old pods from new ones in an upgrade.
      expect(wanted.map(([name]) => name).sort()).toEqual(lastingLabels);
      const selected = podLabels.filter((labels) => wanted.every(([name, value]) => labels[name] === value));
      expect(selected.map((labels) => `lanyard-${labels["app.kubernetes.io/component"]}`)).toEqual([
        object.metadata.name,
      ]);
    }
  },
);

test("a CRD stays when the release goes: with it would go every object of its kind", async () => {
  const crds = ofKind(await render(), "CustomResourceDefinition");
  expect(crds).toHaveLength(customResources.length);
  for (const { metadata } of crds) expect(metadata.annotations).toMatchObject({ "helm.sh/resource-policy": "keep" });
});

test("only the pod of helm test is a hook: everything else is upgraded and uninstalled with the release", async () => {
  const hooks = (await render({ values: everything })).filter(({ metadata }) => "helm.sh/hook" in metadata.annotations);
  expect(hooks.map(({ kind, metadata }) => `${kind} ${metadata.annotations["helm.sh/hook"]}`)).toEqual(["Pod test"]);
});
