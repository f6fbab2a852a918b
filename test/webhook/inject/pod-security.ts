/** The fields of a pod that Pod Security looks at. */
export interface Security {
  readonly privileged?: boolean;
  readonly allowPrivilegeEscalation?: boolean;
  readonly runAsNonRoot?: boolean;
  readonly runAsUser?: number;
  readonly seccompProfile?: { readonly type: string };
  readonly capabilities?: { readonly drop?: readonly string[]; readonly add?: readonly string[] };
}

export interface SecuredContainer {
  readonly name: string;
  readonly securityContext?: Security;
  readonly ports?: readonly { readonly hostPort?: number }[];
}

export interface SecuredPod {
  readonly spec: {
    readonly hostNetwork?: boolean;
    readonly hostPID?: boolean;
    readonly hostIPC?: boolean;
    readonly volumes?: readonly { readonly name: string }[];
    readonly securityContext?: Security;
    readonly initContainers?: readonly SecuredContainer[];
    readonly containers: readonly SecuredContainer[];
  };
}

const volumeTypes = ["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim"];
const allowedVolumes: readonly string[] = ["name", "projected", "secret", ...volumeTypes];
const profiles: readonly (string | undefined)[] = ["RuntimeDefault", "Localhost"];

/**
 * What the Pod Security Standard `restricted`, version 1.34, says against a Linux pod.
 * https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export function restrictedViolations({ spec }: SecuredPod): string[] {
  const { volumes = [], initContainers = [], containers, securityContext = {} } = spec;
  const host = [spec.hostNetwork, spec.hostPID, spec.hostIPC].includes(true) ? ["The pod is on the host."] : [];
  const refused = volumes.filter((volume) => Object.keys(volume).some((key) => !allowedVolumes.includes(key)));
  return [
    ...host,
    ...refused.map(({ name }) => `Volume ${name} is of a type that is not allowed.`),
    ...[...initContainers, ...containers].flatMap((container) => ofContainer(container, securityContext)),
  ];
}

function ofContainer({ name, securityContext: own = {}, ports = [] }: SecuredContainer, pod: Security): string[] {
  const added = (own.capabilities?.add ?? []).filter((capability) => capability !== "NET_BIND_SERVICE");
  const rules: readonly (readonly [boolean, string])[] = [
    [own.privileged !== true, "privileged"],
    [own.allowPrivilegeEscalation === false, "allowPrivilegeEscalation"],
    [own.capabilities?.drop?.includes("ALL") === true && added.length === 0, "capabilities"],
    [(own.runAsNonRoot ?? pod.runAsNonRoot) === true, "runAsNonRoot"],
    [(own.runAsUser ?? pod.runAsUser) !== 0, "runAsUser"],
    [profiles.includes((own.seccompProfile ?? pod.seccompProfile)?.type), "seccompProfile"],
    [ports.every(({ hostPort = 0 }) => hostPort === 0), "hostPort"],
  ];
  return rules.filter(([holds]) => !holds).map(([, field]) => `Container ${name}: ${field}.`);
}
