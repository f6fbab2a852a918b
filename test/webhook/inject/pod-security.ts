import { z } from "zod";

/**
 * The Pod Security Standard `restricted`, version 1.34, for Linux pods.
 * https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
const securitySchema = z
  .looseObject({
    privileged: z.boolean().optional(),
    allowPrivilegeEscalation: z.boolean().optional(),
    runAsNonRoot: z.boolean().optional(),
    runAsUser: z.number().optional(),
    seccompProfile: z.object({ type: z.string() }).optional(),
    capabilities: z.object({ drop: z.array(z.string()).optional(), add: z.array(z.string()).optional() }).optional(),
  })
  .default({});

const containerSchema = z.looseObject({
  name: z.string(),
  securityContext: securitySchema,
  ports: z.array(z.object({ hostPort: z.number().optional() })).default([]),
});

const podSchema = z.looseObject({
  spec: z.looseObject({
    hostNetwork: z.boolean().default(false),
    hostPID: z.boolean().default(false),
    hostIPC: z.boolean().default(false),
    volumes: z.array(z.looseObject({ name: z.string() })).default([]),
    securityContext: securitySchema,
    initContainers: z.array(containerSchema).default([]),
    containers: z.array(containerSchema),
  }),
});

type Security = z.infer<typeof securitySchema>;
type Container = z.infer<typeof containerSchema>;

const volumeTypes = ["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim"];
const allowedVolumes: readonly string[] = ["name", "projected", "secret", ...volumeTypes];
const profiles: readonly (string | undefined)[] = ["RuntimeDefault", "Localhost"];

/** What the admission plugin PodSecurity would refuse, as sentences. */
export function restrictedViolations(pod: unknown): string[] {
  const { spec } = podSchema.parse(pod);
  const host = [spec.hostNetwork, spec.hostPID, spec.hostIPC].includes(true) ? ["The pod is on the host."] : [];
  const volumes = spec.volumes.filter((volume) => Object.keys(volume).some((key) => !allowedVolumes.includes(key)));
  return [
    ...host,
    ...volumes.map(({ name }) => `Volume ${name} is of a type that is not allowed.`),
    ...[...spec.initContainers, ...spec.containers].flatMap((container) =>
      ofContainer(container, spec.securityContext),
    ),
  ];
}

function ofContainer({ name, securityContext: own, ports }: Container, pod: Security): string[] {
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
