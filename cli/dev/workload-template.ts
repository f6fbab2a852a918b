import type { WorkloadKind } from "../../identity/managed-identity.ts";
import type { KubeApi } from "../../kube/api.ts";
import type { PodTemplate } from "../../kube/core-objects.ts";
import type { ObjectKey } from "../../kube/kind.ts";
import { cronJobs, pods, workloads } from "../../kube/kinds.ts";
import { find } from "./apply-manifests.ts";

/** The template of a workload's pods; of a bare Pod, what a template would have said. Undefined when it is not there. */
export async function podTemplateOf(
  api: KubeApi,
  kind: WorkloadKind,
  key: ObjectKey,
): Promise<PodTemplate | undefined> {
  if (kind === "Pod") {
    const pod = await find(api, pods, key);
    return pod && { metadata: { annotations: pod.metadata.annotations }, spec: pod.spec };
  }
  const workload =
    kind === "CronJob" ? (await find(api, cronJobs, key))?.spec?.jobTemplate : await find(api, workloads[kind], key);
  return workload && (workload.spec?.template ?? {});
}
