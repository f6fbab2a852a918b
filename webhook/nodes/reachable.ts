import type { NodeExpression } from "../../identity/windows-pod.ts";
import type { AdmittedPod } from "../inject/pod.ts";
import type { Node, Taint } from "./node-kind.ts";

type Spec = AdmittedPod["spec"];
type Old = NonNullable<Node["old"]>;
type Toleration = NonNullable<Spec["tolerations"]>[number];

/** Whether a pod can be scheduled to a node that is too old for native sidecars. */
export function canReachOldNode({ spec }: AdmittedPod, nodes: Iterable<Node>): boolean {
  for (const { metadata, os, old } of nodes) {
    if (old !== undefined && os === "linux" && canReach(spec, metadata.name, old)) return true;
  }
  return false;
}

/** As the scheduler decides it. https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/ */
function canReach(spec: Spec, name: string, { labels, taints }: Old): boolean {
  if (spec.nodeName) return spec.nodeName === name;
  const selected = Object.entries(spec.nodeSelector ?? {}).every(([key, value]) => labels[key] === value);
  return selected && isSelectedByAffinity(spec, name, labels) && taints.every((taint) => tolerates(spec, taint));
}

function isSelectedByAffinity({ affinity }: Spec, name: string, labels: Old["labels"]): boolean {
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const fields = { "metadata.name": name };
  return (
    terms.length === 0 ||
    terms.some(({ matchExpressions, matchFields }) => {
      const [expressions, ofFields] = [matchExpressions ?? [], matchFields ?? []];
      const isEmpty = expressions.length + ofFields.length === 0;
      return !isEmpty && expressions.every((one) => holds(one, labels)) && ofFields.every((one) => holds(one, fields));
    })
  );
}

function holds({ key, operator, values }: NodeExpression, labels: Readonly<Record<string, string>>): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  const listed = value !== undefined && (values ?? []).includes(value);
  switch (operator) {
    case "In":
      return listed;
    case "NotIn":
      return !listed;
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    case "Gt":
      return Number(value) > Number(values?.[0]);
    case "Lt":
      return Number(value) < Number(values?.[0]);
    default:
      return false;
  }
}

/** A taint that only asks to prefer other nodes keeps no pod away. */
function tolerates({ tolerations }: Spec, taint: Taint): boolean {
  return taint.effect === "PreferNoSchedule" || (tolerations ?? []).some((one) => isToleratedBy(one, taint));
}

function isToleratedBy({ key, operator, value, effect }: Toleration, taint: Taint): boolean {
  if (effect && effect !== taint.effect) return false;
  if (operator === "Exists") return !key || key === taint.key;
  return key === taint.key && (value ?? "") === (taint.value ?? "");
}
