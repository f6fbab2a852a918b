import { describe, expect, test } from "vitest";
import type { Decision } from "../../../webhook/decision.ts";
import { injectPod } from "../../../webhook/inject/inject-pod.ts";
import { podSchema } from "../../../webhook/inject/pod.ts";
import { applyPatch } from "../apply-patch.ts";
import { injectionFacts } from "../facts.ts";
import { restrictedViolations, type SecuredContainer, type Security } from "./pod-security.ts";

const facts = injectionFacts({ audiences: ["https://vault.shop.svc"] });
const VOLUME = "lanyard-secrets";
const PATH = "/var/run/lanyard/secrets";

interface Given {
  readonly annotations?: Readonly<Record<string, string>>;
  readonly spec?: object;
  readonly containers?: readonly object[];
}

/** A pod that asks for one secret, as its author wrote it. */
function asking({ annotations = {}, spec = {}, containers = [{ name: "web", image: "web:1" }] }: Given = {}) {
  const metadata = { name: "web", annotations: { "lanyard.dev/secret-files": "a=vault/b", ...annotations } };
  return { apiVersion: "v1", kind: "Pod", metadata, spec: { ...spec, containers } };
}

const decide = (pod: object): Decision => injectPod(podSchema.parse(pod), facts);

interface Injected {
  readonly securityContext?: Security & { readonly supplementalGroups?: readonly number[] };
  readonly volumes: readonly { readonly name: string; readonly emptyDir?: object }[];
  readonly initContainers: readonly InjectedContainer[];
  readonly containers: readonly InjectedContainer[];
}

interface InjectedContainer extends SecuredContainer {
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string; readonly readOnly?: boolean }[];
}

function injected(pod: object) {
  const decision = decide(pod);
  if (decision.kind === "denied") throw new Error(decision.reason.sentence);
  const after = applyPatch(pod, decision.patch) as { spec: Injected };
  const sidecar = after.spec.initContainers.find(({ name }) => name === "lanyard");
  const variable = (container: InjectedContainer | undefined, name: string) =>
    container?.env?.find((one) => one.name === name)?.value;
  return { after, ...after.spec, sidecar, variable, warnings: decision.warnings };
}

const mountsOf = ({ volumeMounts = [] }: InjectedContainer) => volumeMounts.filter(({ name }) => name === VOLUME);

describe("a pod that asks for secrets in files", () => {
  test("gets a volume in memory, which its containers read and the sidecar alone writes", () => {
    const { volumes, containers, sidecar, variable } = injected(asking());
    expect(volumes).toContainEqual({ name: VOLUME, emptyDir: { medium: "Memory", sizeLimit: "8Mi" } });
    expect(containers.map(mountsOf)).toEqual([[{ name: VOLUME, mountPath: PATH, readOnly: true }]]);
    expect(sidecar && mountsOf(sidecar)).toEqual([{ name: VOLUME, mountPath: PATH }]);
    expect(variable(sidecar, "LANYARD_SECRET_FILES")).toBe("a=shop/vault/b");
    expect(containers.map((container) => variable(container, "LANYARD_SECRETS_DIRECTORY"))).toEqual([PATH]);
  });

  test("a pod that asks for none has nothing of it", () => {
    const { sidecar, volumes, variable } = injected({ ...asking(), metadata: { name: "web" } });
    expect(volumes.map(({ name }) => name)).toEqual(["lanyard"]);
    expect(variable(sidecar, "LANYARD_SECRET_FILE_MODE")).toBeUndefined();
  });

  test("still is restricted, if it was", () => {
    const hardened = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };
    const spec = { securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } } };
    const containers = [{ name: "web", image: "web:1", securityContext: hardened }];
    expect(restrictedViolations(injected(asking({ spec, containers })).after)).toEqual([]);
  });

  test("containers that are skipped get none", () => {
    const containers = [
      { name: "web", image: "web:1" },
      { name: "logs", image: "logs:1" },
    ];
    const pod = asking({ annotations: { "lanyard.dev/skip-containers": "logs" }, containers });
    expect(injected(pod).containers.map((container) => mountsOf(container).length)).toEqual([1, 0]);
  });

  test("an author's own variable for the directory stays", () => {
    const env = [{ name: "LANYARD_SECRETS_DIRECTORY", value: "/mine" }];
    const { containers } = injected(asking({ containers: [{ name: "web", image: "web:1", env }] }));
    expect(containers[0]?.env?.filter(({ name }) => name === "LANYARD_SECRETS_DIRECTORY")).toEqual(env);
  });

  test("a container that another webhook adds later gets them too", () => {
    const { after } = injected(asking());
    const { spec } = after;
    const later = { ...after, spec: { ...spec, containers: [...spec.containers, { name: "mesh", image: "mesh:1" }] } };
    expect(injected(later).containers.map((container) => mountsOf(container).length)).toEqual([1, 1]);
  });

  test("its author is told of a vault that nobody has registered", () => {
    const { warnings } = injected(asking({ annotations: { "lanyard.dev/secret-files": "a=valt/b" } }));
    expect(warnings).toMatchObject([
      { code: "VaultUnknown", sentence: expect.stringContaining('Did you mean "https://vault.shop.svc"?') },
    ]);
  });
});

const user = (runAsUser?: number) => (runAsUser === undefined ? {} : { securityContext: { runAsUser } });
const web = (runAsUser?: number) => ({ name: "web", image: "web:1", ...user(runAsUser) });
const logs = (runAsUser?: number) => ({ name: "logs", image: "logs:1", ...user(runAsUser) });

describe("whose the files are", () => {
  test.each([
    ["one user for the pod: its own, and for nobody else", { spec: user(1000) }, 1000, "0400"],
    ["one user for the container: its own", { containers: [web(2000)] }, 2000, "0400"],
    ["the container's stands above the pod's", { spec: user(1000), containers: [web(2000), logs(2000)] }, 2000, "0400"],
    ["the image's user, which nobody knows: the group's", {}, 65_532, "0440"],
    ["two users: the group's", { containers: [web(1000), logs(2000)] }, 65_532, "0440"],
    ["one that is known and one that is not: the group's", { containers: [web(1000), logs()] }, 65_532, "0440"],
    ["root, whom the sidecar never is: the group's", { spec: user(0) }, 65_532, "0440"],
    [
      "containers that see each other's processes: the group's, so that none can look into the sidecar",
      { spec: { ...user(1000), shareProcessNamespace: true } },
      ...([65_532, "0440"] as const),
    ],
    ["containers that see the node's processes: the same", { spec: { ...user(1000), hostPID: true } }, 65_532, "0440"],
    [
      "a container that is skipped does not count",
      { containers: [web(1000), logs(2000)], annotations: { "lanyard.dev/skip-containers": "logs" } },
      ...([1000, "0400"] as const),
    ],
  ])("%s", (_rule, given: Given, owner, mode) => {
    const { sidecar, securityContext, variable } = injected(asking(given));
    expect([sidecar?.securityContext?.runAsUser, variable(sidecar, "LANYARD_SECRET_FILE_MODE")]).toEqual([owner, mode]);
    expect(securityContext?.supplementalGroups ?? []).toEqual(mode === "0440" ? [65_532] : []);
  });

  test("the group comes beside the author's, once", () => {
    const own = { securityContext: { supplementalGroups: [7] } };
    expect(injected(asking({ spec: own })).securityContext?.supplementalGroups).toEqual([7, 65_532]);
    const had = { securityContext: { supplementalGroups: [65_532] } };
    expect(injected(asking({ spec: had })).securityContext?.supplementalGroups).toEqual([65_532]);
  });
});

describe("refused", () => {
  const mounting = (mount: object) => ({ containers: [{ ...web(), volumeMounts: [mount] }] });
  test.each<[string, Given, string]>([
    [
      "a name that leads out of the directory",
      { annotations: { "lanyard.dev/secret-files": "a=vault/b,../x=vault/b" } },
      'SecretFilesInvalid Annotation lanyard.dev/secret-files, entry 2, "../x=vault/b"',
    ],
    ["a volume with the name of ours", { spec: { volumes: [{ name: VOLUME, emptyDir: {} }] } }, "PodConflict A volume"],
    ["a mount of our volume", mounting({ name: VOLUME, mountPath: "/x" }), 'PodConflict Container "web" mounts'],
    ["a mount in its place", mounting({ name: "data", mountPath: PATH }), 'PodConflict Container "web" mounts'],
    ["a mount inside", mounting({ name: "data", mountPath: `${PATH}/a` }), 'PodConflict Container "web" mounts'],
    ["in another spelling", mounting({ name: "data", mountPath: "/var//run/./x/../lanyard/secrets/" }), "PodConflict"],
    ["from the root without a slash", mounting({ name: "data", mountPath: "run/lanyard/secrets" }), "PodConflict"],
    ["by another path", mounting({ name: "data", mountPath: "/run/lanyard/secrets" }), 'PodConflict Container "web"'],
  ])("%s", (_what, given, start) => {
    const decision = decide(asking(given));
    if (decision.kind !== "denied") throw new Error("expected a denial");
    expect(`${decision.reason.code} ${decision.reason.sentence}`).toContain(start);
  });

  test("a container that another webhook adds to write there", () => {
    const { after } = injected(asking());
    const thief = { ...web(), name: "thief", volumeMounts: [{ name: VOLUME, mountPath: PATH }] };
    const decision = decide({ ...after, spec: { ...after.spec, containers: [...after.spec.containers, thief] } });
    expect(decision).toMatchObject({ kind: "denied", reason: { code: "PodConflict" } });
  });

  test("not: a volume of that name in a pod that asks for no secrets", () => {
    const pod = { ...asking({ spec: { volumes: [{ name: VOLUME, emptyDir: {} }] } }), metadata: { name: "web" } };
    expect(decide(pod).kind).toBe("allowed");
  });
});
