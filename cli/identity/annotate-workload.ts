import { annotations } from "../../identity/names.ts";
import type { KubeApi } from "../../kube/api.ts";
import type { Workload } from "../../operator/workload-identity/workload.ts";
import type { FoundWorkload } from "./find-workload.ts";

/** Owns the annotation and nothing else of a workload. */
const FIELD_MANAGER = "lanyard-cli";

/** Asks for a system-assigned identity, whoever wrote another value before. */
export function turnOn(workload: FoundWorkload, api: KubeApi): Promise<Workload> {
  return annotate(workload, { [annotations.systemAssigned]: "true" }, api);
}

/**
 * Takes the annotation away. Only its owner can, so it is first taken over by writing another value. The one of a pod
 * template stays, since without it the pods would be replaced: "false" on the workload itself has precedence over it.
 */
export async function turnOff(workload: FoundWorkload, api: KubeApi): Promise<void> {
  await annotate(workload, { [annotations.systemAssigned]: "false" }, api);
  const isInTemplate = (await annotate(workload, {}, api)).systemAssigned !== undefined;
  if (isInTemplate) await annotate(workload, { [annotations.systemAssigned]: "false" }, api);
}

/** The UID keeps an apply from making a workload that was deleted in between. */
function annotate(
  { workload, resource }: FoundWorkload,
  written: Readonly<Record<string, string>>,
  api: KubeApi,
): Promise<Workload> {
  const { apiVersion, kind } = resource;
  const { namespace, name, uid } = workload.metadata;
  const manifest = { apiVersion, kind, metadata: { namespace, name, uid, annotations: written } };
  return api.apply(resource, manifest, { fieldManager: FIELD_MANAGER, force: true });
}
