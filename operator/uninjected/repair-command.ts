import { controllerOf } from "../controller-of.ts";
import type { Workload } from "../workload-identity/workload.ts";

/** A line that a person reads and copies; the condition names the next ones when these are repaired. */
const MOST_PODS = 10;

/** The command that has pods made anew, by whatever made them: admission happens when a pod is created, and never later. */
export function repairCommand(workload: Workload, pods: readonly Workload[]): string {
  const { kind, metadata } = workload;
  const { name, namespace } = metadata;
  switch (kind) {
    case "Deployment":
    case "StatefulSet":
    case "DaemonSet":
      return `kubectl rollout restart ${kind.toLowerCase()}/${name} -n ${namespace}`;
    case "ReplicaSet":
      return deletePods(pods, namespace);
    case "Job":
      return restartJob(name, namespace);
    case "CronJob":
      return jobsOf(pods)
        .map((job) => restartJob(job, namespace))
        .join(" && ");
    case "Pod":
      // Of a kind that is not known here: whatever made the pod makes another.
      if (controllerOf(workload) !== undefined) return deletePods(pods, namespace);
      return `kubectl get pod ${name} -n ${namespace} -o yaml | kubectl replace --force -f -`;
    default:
      // A kind of the chart value `workloads`: its controller makes other pods.
      return deletePods(pods, namespace);
  }
}

/**
 * Not by deleting its pods: one that exits with 0 when it is asked to end would count as the Job's success, any other as
 * a failure. Pods that a suspension ends count as neither.
 * https://kubernetes.io/docs/concepts/workloads/controllers/job/#suspending-a-job
 */
function restartJob(name: string, namespace: string): string {
  const suspend = (value: boolean): string =>
    `kubectl patch job/${name} -n ${namespace} -p '{"spec":{"suspend":${value}}}'`;
  return `${suspend(true)} && kubectl wait job/${name} -n ${namespace} --for=condition=Suspended && ${suspend(false)}`;
}

function deletePods(pods: readonly Workload[], namespace: string): string {
  const names = pods.map(({ metadata }) => metadata.name).sort();
  return `kubectl delete pod ${names.slice(0, MOST_PODS).join(" ")} -n ${namespace}`;
}

const jobsOf = (pods: readonly Workload[]): readonly string[] =>
  [...new Set(pods.flatMap((pod) => controllerOf(pod)?.name ?? []))].sort().slice(0, MOST_PODS);
