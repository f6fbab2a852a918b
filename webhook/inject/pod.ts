import { z } from "zod";
import { placementFields, windowsOptionsField } from "../../identity/windows-pod.ts";

/** Longer than any name that Kubernetes allows: messages repeat it. */
const name = z.string().max(253);

/**
 * The fields of a pod that injection looks at. It is never written back: a patch names places in the pod as it came,
 * so that what is not listed here stays as it is. https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/
 */
const variableSchema = z.object({ name: z.string(), value: z.string().nullish(), valueFrom: z.unknown().optional() });
export type Variable = z.infer<typeof variableSchema>;

/** What a container says of its user, in place of what its pod says. */
const securityContext = z.object({ runAsUser: z.number().nullish(), ...windowsOptionsField }).nullish();

const quantity = z.union([z.string(), z.number()]).optional();
const quantities = z.object({ cpu: quantity, memory: quantity, "ephemeral-storage": quantity }).nullish();
const resources = z.object({ requests: quantities, limits: quantities }).nullish();

const containerSchema = z.object({
  name,
  env: z.array(variableSchema).nullish(),
  envFrom: z.array(z.unknown()).nullish(),
  ports: z.array(z.object({ containerPort: z.number().optional(), hostPort: z.number().optional() })).nullish(),
  volumeMounts: z.array(z.object({ name, mountPath: z.string().nullish(), readOnly: z.boolean().nullish() })).nullish(),
  securityContext,
  resources,
});
export type Container = z.infer<typeof containerSchema>;

const texts = z.record(z.string(), z.string()).nullish();

export const podSchema = z.object({
  metadata: z.object({
    name: name.nullish(),
    generateName: name.nullish(),
    labels: texts,
    annotations: texts,
  }),
  spec: z.object({
    containers: z.array(containerSchema),
    initContainers: z.array(containerSchema).nullish(),
    volumes: z.array(z.object({ name })).nullish(),
    serviceAccountName: name.nullish(),
    securityContext: z
      .object({
        ...windowsOptionsField,
        runAsUser: z.number().nullish(),
        supplementalGroups: z.array(z.number()).nullish(),
      })
      .nullish(),
    shareProcessNamespace: z.boolean().nullish(),
    hostPID: z.boolean().nullish(),
    hostNetwork: z.boolean().nullish(),
    dnsPolicy: z.string().nullish(),
    restartPolicy: z.string().nullish(),
    terminationGracePeriodSeconds: z.number().nullish(),
    /** Of the pod as a whole, from Kubernetes 1.34 on. */
    resources,
    priorityClassName: name.nullish(),
    activeDeadlineSeconds: z.number().nullish(),
    ...placementFields,
    tolerations: z
      .array(
        z.object({
          key: z.string().nullish(),
          operator: z.string().nullish(),
          value: z.string().nullish(),
          effect: z.string().nullish(),
        }),
      )
      .nullish(),
  }),
});
export type AdmittedPod = z.infer<typeof podSchema>;

export function annotationsOf({ metadata }: AdmittedPod): Readonly<Record<string, string>> {
  return metadata.annotations ?? {};
}

export function allContainers({ spec }: AdmittedPod): Container[] {
  return [...(spec.initContainers ?? []), ...spec.containers];
}
