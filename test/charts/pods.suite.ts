import { describe, expect, test } from "vitest";
import { programNamed } from "../support/program.ts";
import { only, type Rendered, render } from "./chart.ts";
import { deploymentSpec, type PodSpec, podSpecs } from "./pods.ts";

const processes = ["operator", "webhook", "issuer"] as const;
type Process = (typeof processes)[number];

const podOf = (objects: readonly Rendered[], process: Process): PodSpec =>
  deploymentSpec(only(objects, "Deployment", `lanyard-${process}`)).template.spec;
const containerOf = (objects: readonly Rendered[], process: Process) => podOf(objects, process).containers[0];
const argsOf = async (process: Process, values = {}): Promise<readonly string[]> =>
  containerOf(await render({ values }), process)?.args ?? [];

const objects = await render();

describe.each(podSpecs(objects))("the pod $name", ({ spec }) => {
  test("is what the Pod Security Standard restricted takes", () => {
    expect(spec.securityContext).toEqual({
      ...{ runAsNonRoot: true, runAsUser: 65532, runAsGroup: 65532 },
      seccompProfile: { type: "RuntimeDefault" },
    });
    for (const { securityContext } of spec.containers) {
      expect(securityContext).toEqual({
        ...{ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true },
        capabilities: { drop: ["ALL"] },
      });
    }
  });

  test("leaves the user to the platform, where the value says so", async () => {
    const values = { securityContext: { runAsUser: "omit" } };
    for (const { spec } of podSpecs(await render({ values }))) {
      expect(spec.securityContext).toEqual({ runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } });
    }
  });

  test("reserves processor and memory, and has a limit for memory alone", () => {
    for (const { resources } of spec.containers) {
      expect(Object.keys(resources.requests).sort()).toEqual(["cpu", "memory"]);
      expect(Object.keys(resources.limits)).toEqual(["memory"]);
    }
  });
});

describe.each(processes)("the %s", (process) => {
  test("runs twice, spread over zones and nodes where there are several", () => {
    const { replicas, template } = deploymentSpec(only(objects, "Deployment", `lanyard-${process}`));
    expect(replicas).toBe(2);
    expect(template.spec.topologySpreadConstraints).toMatchObject([
      { topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: "ScheduleAnyway" },
      { topologyKey: "kubernetes.io/hostname", whenUnsatisfiable: "ScheduleAnyway" },
    ]);
  });

  test("is replaced one by one, the new one first", () => {
    const { strategy } = deploymentSpec(only(objects, "Deployment", `lanyard-${process}`));
    expect(strategy).toEqual({ type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } });
  });

  test("is asked on its operations port whether it lives and is ready", () => {
    expect(containerOf(objects, process)).toMatchObject({
      livenessProbe: { httpGet: { path: "/livez", port: "operations" } },
      readinessProbe: { httpGet: { path: "/readyz", port: "operations" } },
    });
  });

  test("is called as the program's own command takes it", async () => {
    const values = { imdsRedirect: { image: "example.com/nft:1" } };
    const args = await argsOf(process, values);
    const command = programNamed().commands.find((known) => known.name() === args[0]);
    const known = command?.options.map(({ long }) => long) ?? [];
    const flags = args.slice(1).map((arg) => arg.replace(/=.*$/, ""));
    expect(flags.filter((flag) => !known.includes(flag))).toEqual([]);
  });

  test("takes what the values say of where it runs, and of its labels, annotations and arguments", async () => {
    const placement = {
      nodeSelector: { pool: "system" },
      tolerations: [{ operator: "Exists" }],
      affinity: { nodeAffinity: {} },
    };
    const marks = { podAnnotations: { note: "a" }, podLabels: { team: "identity" } };
    const own = { replicas: 3, extraArgs: ["--log-level=debug"], resources: { limits: { cpu: "4" } } };
    const rendered = await render({ values: { [process]: { ...placement, ...marks, ...own } } });
    const { replicas, template } = deploymentSpec(only(rendered, "Deployment", `lanyard-${process}`));
    expect(replicas).toBe(3);
    expect(template.spec).toMatchObject(placement);
    expect(template.metadata).toMatchObject({ annotations: marks.podAnnotations, labels: marks.podLabels });
    expect(template.spec.containers[0]?.args.at(-1)).toBe("--log-level=debug");
    expect(template.spec.containers[0]?.resources.limits).toMatchObject({ cpu: "4" });
  });
});

describe("an image", () => {
  const digest = `sha256:${"0".repeat(64)}`;
  const imagesOf = async (values: Readonly<Record<string, unknown>>): Promise<readonly (string | undefined)[]> => {
    const rendered = await render({ values });
    const sidecar = containerOf(rendered, "webhook")?.args.find((arg) => arg.startsWith("--sidecar-image="));
    const images = podSpecs(rendered).map(({ spec }) => spec.containers[0]?.image);
    return [...new Set(images), sidecar?.replace("--sidecar-image=", "")];
  };
  const none = { image: { registry: "" } };
  const registry = "registry.example.com:5000/team";

  test.each<[object, string, string]>([
    [{}, "localhost/lanyard/lanyard:0.1.0", "localhost/lanyard/sidecar:0.1.0"],
    [{ image: { registry } }, `${registry}/lanyard:0.1.0`, `${registry}/sidecar:0.1.0`],
    [{ ...none, global: { imageRegistry: registry } }, `${registry}/lanyard:0.1.0`, `${registry}/sidecar:0.1.0`],
    [
      { image: { registry: "a.example" }, sidecar: { image: { registry: "b.example" } } },
      ...(["a.example/lanyard:0.1.0", "b.example/sidecar:0.1.0"] as const),
    ],
    [
      { image: { registry, repository: "identity/lanyard", tag: "1.2.3" } },
      ...([`${registry}/identity/lanyard:1.2.3`, `${registry}/sidecar:0.1.0`] as const),
    ],
    [
      { image: { registry, digest }, sidecar: { image: { digest } } },
      ...([`${registry}/lanyard@${digest}`, `${registry}/sidecar@${digest}`] as const),
    ],
    // As values of 0.1.0 have it: the host is part of the repository.
    [
      {
        image: { registry: "", repository: "example.com/lanyard" },
        sidecar: { image: { repository: "localhost/sidecar", tag: "2" } },
      },
      ...(["example.com/lanyard:0.1.0", "localhost/sidecar:2"] as const),
    ],
  ])("with %j is %s, and that of the sidecar %s", async (values, image, sidecar) => {
    expect(await imagesOf({ ...values })).toEqual([image, sidecar]);
  });

  test.each<[object, string]>([
    [none, "No registry is set for the images of Lanyard. Set image.registry"],
    [{ ...none, global: { imageRegistry: "" } }, "No registry is set"],
    [{ image: { registry: "", repository: "example.com/lanyard" } }, "No registry is set"],
    [{ image: { repository: "lanyard.dev/lanyard" } }, "its host is no registry"],
    [{ sidecar: { image: { repository: "lanyard.dev/sidecar" } } }, "its host is no registry"],
  ])("with %j has no registry, which is refused with a sentence", async (values, sentence) => {
    await expect(render({ values: { ...values } })).rejects.toThrow(sentence);
  });

  test("is pulled with the Secrets that a chart above names for all of its parts", async () => {
    const [own, parent] = [{ name: "own" }, { name: "parent" }];
    const values = { imagePullSecrets: [own], global: { imagePullSecrets: [parent] } };
    for (const { spec } of podSpecs(await render({ values }))) {
      expect(spec).toMatchObject({ imagePullSecrets: [own, parent] });
    }
  });

  test("that is private is pulled with the Secrets that the values name", async () => {
    const imagePullSecrets = [{ name: "registry" }];
    for (const { spec } of podSpecs(await render({ values: { imagePullSecrets } }))) {
      expect(spec).toMatchObject({ imagePullSecrets });
    }
  });
});

test.each<[Process, object, string]>([
  ["operator", {}, "--certificates=own"],
  ["operator", { certificates: { certManager: { enabled: true } } }, "--certificates=cert-manager"],
  ["operator", {}, "--cluster-domain=cluster.local"],
  ["operator", { clusterDomain: "k8s.example" }, "--cluster-domain=k8s.example"],
  ["operator", { vault: { namespace: { name: "secrets" } } }, "--vault-namespace=secrets"],
  ["operator", { logLevel: "debug" }, "--log-level=debug"],
  ["webhook", {}, "--sidecar-image=localhost/lanyard/sidecar:0.1.0"],
  ["webhook", {}, "--run-as-user=auto"],
  ["webhook", { securityContext: { runAsUser: "omit" } }, "--run-as-user=omit"],
  ["webhook", { sidecar: { image: { repository: "example.com/s", tag: "2" } } }, "--sidecar-image=example.com/s:2"],
  ["webhook", { sidecar: { image: { pullPolicy: "Never" } } }, "--sidecar-image-pull-policy=Never"],
  [
    "webhook",
    { sidecar: { resources: { requests: { cpu: "1m" } } } },
    '--sidecar-resources={"limits":{"memory":"64Mi"},"requests":{"cpu":"1m","memory":"16Mi"}}',
  ],
  ["webhook", { imdsRedirect: { image: "example.com/nft:1" } }, "--redirect-image=example.com/nft:1"],
  ["webhook", { issuer: { url: "https://id.example.com" } }, "--issuer-url=https://lanyard-issuer.lanyard-system.svc"],
  ["issuer", { issuer: { url: "https://id.example.com" } }, "--url=https://id.example.com"],
  ["issuer", {}, "--unregistered-audiences=refuse"],
  ["issuer", { issuer: { unregisteredAudiences: "allow" } }, "--unregistered-audiences=allow"],
  ["issuer", {}, "--status-list-ttl=30"],
  ["issuer", { issuer: { statusListTtlSeconds: 0 } }, "--status-list-ttl=0"],
  ["issuer", {}, "--audit-decisions=all"],
  ["issuer", { audit: { decisions: "denied" } }, "--audit-decisions=denied"],
  ["issuer", {}, "--decision-namespaces="],
  ["issuer", { issuer: { decisionNamespaces: ["edge", "mesh"] } }, "--decision-namespaces=edge,mesh"],
  ["issuer", {}, "--unknown-source-addresses=allow"],
  ["issuer", { issuer: { unknownSourceAddresses: "refuse" } }, "--unknown-source-addresses=refuse"],
  ["issuer", {}, "--requests-per-address=2000"],
  ["issuer", { issuer: { requestsPerSecondPerAddress: 9000 } }, "--requests-per-address=9000"],
  ["issuer", {}, "--connections=1000"],
  ["webhook", { webhook: { connections: { perAddress: 900 } } }, "--connections-per-address=900"],
])("the %s with %j is called with %s", async (process, values, argument) => {
  expect(await argsOf(process, values)).toContain(argument);
});

test.each([
  { priorityClass: {}, name: "lanyard" },
  { priorityClass: { name: "identity" }, name: "identity" },
  { priorityClass: { create: false }, name: undefined },
  { priorityClass: { create: false, name: "system-cluster-critical" }, name: "system-cluster-critical" },
])("with priorityClass $priorityClass the processes have the class $name", async ({ priorityClass, name }) => {
  const rendered = await render({ values: { priorityClass } });
  expect(processes.map((process) => podOf(rendered, process).priorityClassName)).toEqual([name, name, name]);
});
