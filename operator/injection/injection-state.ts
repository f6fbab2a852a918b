import { z } from "zod";
import { admissionReasons } from "../../identity/admission-reasons.ts";
import { conditionSchema } from "../../identity/condition.ts";
import type { WorkloadKind } from "../../identity/managed-identity.ts";
import { injection, labels, MIRROR_POD_ANNOTATION } from "../../identity/names.ts";
import { isWindowsPod, placementFields, windowsOptionsField } from "../../identity/windows-pod.ts";
import { gateMessage } from "../gate/gate-message.ts";

/** What an object says of injection: a pod of its own, a workload of the pods that it makes. */
export interface InjectionState {
  /** The value of label lanyard.dev/inject. */
  readonly inject?: string;
  /** The condition that this operator wrote. */
  readonly notInjected?: ReportedCondition;
  readonly pod?: PodState;
}

export interface PodState {
  readonly isInjected: boolean;
  /** All its containers have ended, and none starts again. */
  readonly isFinished: boolean;
  /** Run by the kubelet from a file: no admission webhook has any effect on it. */
  readonly isMirror: boolean;
  /** Why the webhook leaves such a pod alone. From its spec, since a template can have the webhook's message copied into it. */
  readonly leftAlone?: string;
  /** What the sidecar waited for when its gate last gave up. It is no news any more once the sidecar has started. */
  readonly gateClosed?: string;
}

/** A condition type that another API's objects carry is qualified. https://github.com/kubernetes/community/blob/master/contributors/devel/sig-architecture/api-conventions.md#typical-status-properties */
export const INJECTED = "lanyard.dev/Injected";

/** Without `observedGeneration`: the conditions of most of Kubernetes' own kinds have no such field. */
const reportedSchema = conditionSchema.pick({
  ...{ type: true, status: true, reason: true, message: true, lastTransitionTime: true },
});
export type ReportedCondition = z.infer<typeof reportedSchema>;

const stringMap = z.record(z.string(), z.string());
const containers = z.array(z.object({ name: z.string(), securityContext: z.object(windowsOptionsField).nullish() }));
const containerStatuses = z.array(
  z.object({
    name: z.string(),
    started: z.boolean().optional(),
    lastState: z.object({ terminated: z.object({ message: z.string().optional() }).optional() }).optional(),
    state: z.object({ terminated: z.object({ message: z.string().optional() }).optional() }).optional(),
  }),
);
const templateSchema = z.object({ metadata: z.object({ labels: stringMap.optional() }).optional() });
const objectSchema = z.object({
  metadata: z.object({ labels: stringMap.optional(), annotations: stringMap.optional() }),
  spec: z
    .object({
      ...placementFields,
      securityContext: z.object(windowsOptionsField).nullish(),
      containers: containers.optional(),
      initContainers: containers.optional(),
      template: templateSchema.optional(),
      jobTemplate: z.object({ spec: z.object({ template: templateSchema.optional() }).optional() }).optional(),
    })
    .optional(),
  status: z
    .object({
      phase: z.string().optional(),
      containerStatuses: containerStatuses.optional().catch(undefined),
      initContainerStatuses: containerStatuses.optional().catch(undefined),
      // Each by itself: what one of many controllers wrote must not hide the rest.
      conditions: z.array(reportedSchema.optional().catch(undefined)).optional(),
    })
    .optional(),
});
type InjectableObject = z.infer<typeof objectSchema>;

export function injectionStateOf(kind: WorkloadKind, received: unknown): InjectionState {
  const object = objectSchema.parse(received);
  const inject = labelsOf(kind, object)?.[labels.inject];
  const notInjected = object.status?.conditions?.find((condition) => condition?.type === INJECTED);
  return {
    ...(inject === undefined ? {} : { inject }),
    ...(notInjected === undefined ? {} : { notInjected }),
    ...(kind === "Pod" ? { pod: podState(object) } : {}),
  };
}

function labelsOf(kind: WorkloadKind, { metadata, spec }: InjectableObject): Record<string, string> | undefined {
  if (kind === "Pod") return metadata.labels;
  const template = spec?.jobTemplate?.spec?.template ?? spec?.template;
  return template?.metadata?.labels;
}

/** The container, not the annotation, says that a pod is injected: anybody can copy an annotation into a template. */
function podState({ metadata, spec, status }: InjectableObject): PodState {
  const containers = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])];
  return {
    isInjected: containers.some(({ name }) => name === injection.container),
    isFinished: status?.phase === "Succeeded" || status?.phase === "Failed",
    isMirror: metadata.annotations?.[MIRROR_POD_ANNOTATION] !== undefined,
    ...(spec !== undefined && isWindowsPod(spec) ? { leftAlone: admissionReasons.WindowsPod().sentence } : {}),
    ...closedGate(status),
  };
}

function closedGate(status: InjectableObject["status"]): Pick<PodState, "gateClosed"> {
  const statuses = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  const sidecar = statuses.find(({ name }) => name === injection.container);
  if (sidecar === undefined || sidecar.started === true) return {};
  const message = sidecar.state?.terminated?.message ?? sidecar.lastState?.terminated?.message;
  const sentence = message === undefined ? undefined : gateMessage(message);
  return sentence === undefined ? {} : { gateClosed: sentence };
}
