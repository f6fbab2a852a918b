import type { Finding } from "../../identity/findings.ts";
import { type WorkloadKind, workloadKinds } from "../../identity/managed-identity.ts";
import { timestamp } from "../../identity/timestamp.ts";
import type { KubeApi } from "../../kube/api.ts";
import type { Kind } from "../../kube/kind.ts";
import { INJECTED, type ReportedCondition } from "../injection/injection-state.ts";
import { unlessGone } from "../unless-gone.ts";
import { type Workload, watchedWorkload } from "../workload-identity/workload.ts";
import { FIELD_MANAGER } from "../write-status.ts";

/**
 * The kinds whose own controller leaves a condition of somebody else alone. That of a StatefulSet writes its status
 * anew, a Job's conditions are one list that its controller owns, and a CronJob has none: there the pods bear it.
 */
const keepers: ReadonlySet<string> = new Set<WorkloadKind>(["Deployment", "DaemonSet", "ReplicaSet", "Pod"]);

export const keepsConditions = ({ kind }: Workload): boolean => keepers.has(kind);

/** Writes or removes the condition, unless it is already as it should be. `now` is in milliseconds since the epoch. */
export async function reportCondition(
  api: KubeApi,
  { kind, apiVersion, metadata, notInjected }: Workload,
  finding: Finding | undefined,
  now: number,
): Promise<void> {
  if (says(notInjected, finding)) return;
  const lastTransitionTime = notInjected?.lastTransitionTime ?? timestamp(new Date(now));
  const condition = finding && {
    ...{ type: INJECTED, status: "False", reason: finding.code, message: finding.sentence, lastTransitionTime },
  };
  const { name, namespace, uid } = metadata;
  const manifest = {
    ...{ apiVersion, kind },
    metadata: { name, namespace, uid },
    status: { conditions: condition === undefined ? [] : [condition] },
  };
  await unlessGone(api.applyStatus(keeper(kind), manifest, { fieldManager: FIELD_MANAGER, force: true }));
}

/** Conditions are written on `keepers` and on pods alone. */
function keeper(kind: string): Kind {
  const known = workloadKinds.find((each) => each === kind);
  if (known === undefined) throw new TypeError(`${kind} keeps no condition`);
  return watchedWorkload(known);
}

function says(condition: ReportedCondition | undefined, finding: Finding | undefined): boolean {
  return condition?.reason === finding?.code && condition?.message === finding?.sentence;
}
