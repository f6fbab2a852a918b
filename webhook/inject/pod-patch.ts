import { annotations } from "../../identity/names.ts";
import type { SidecarMode } from "../../identity/pod-annotations.ts";
import { enumerate, type Reason } from "../../identity/reasons.ts";
import { append, type PatchOperation, prepend, setMembers } from "../json-patch.ts";
import { messageText } from "../message-text.ts";
import type { AdmittedPod } from "./pod.ts";

/** `kubectl logs` and `kubectl exec` take the first container, unless this names another. */
const DEFAULT_CONTAINER = "kubectl.kubernetes.io/default-container";

/** What is added to the lists of a pod. */
export interface Additions {
  readonly mode: SidecarMode;
  readonly sidecar: object;
  readonly volumes: readonly object[];
  /** Init containers that run before the sidecar. */
  readonly first: readonly object[];
}

export function additionsPatch({ spec }: AdmittedPod, additions: Additions): PatchOperation[] {
  const { mode, sidecar, volumes, first } = additions;
  return [
    ...prepend("/spec/initContainers", spec.initContainers, mode === "native" ? [...first, sidecar] : first),
    ...prepend("/spec/containers", spec.containers, mode === "native" ? [] : [sidecar]),
    ...append("/spec/volumes", spec.volumes, volumes),
  ];
}

export function injectedAnnotations(
  { metadata, spec }: AdmittedPod,
  mode: SidecarMode,
  version: string,
): Record<string, string> {
  const [first] = spec.containers;
  const isNamed = metadata.annotations?.[DEFAULT_CONTAINER] !== undefined;
  const named = mode === "native" || isNamed || first === undefined ? {} : { [DEFAULT_CONTAINER]: first.name };
  return { [annotations.injected]: version, ...named };
}

/** Writes annotations, and the messages that `kubectl describe pod` is to show. */
export function annotate(
  { metadata }: AdmittedPod,
  messages: readonly Reason<string>[],
  values: Readonly<Record<string, string>> = {},
): PatchOperation[] {
  const message = enumerate(messages.map(messageText), " ");
  const all = message === "" ? values : { ...values, [annotations.injectionMessage]: message };
  return setMembers("/metadata/annotations", metadata.annotations, all);
}
