import { readQuantity } from "../../identity/quantity.ts";
import type { LimitRange, ResourceQuota } from "../../kube/policy-kinds.ts";
import type { AdmittedPod } from "../inject/pod.ts";
import { webhookLimits } from "../limits.ts";
import { hasPodResources, type QosClass } from "./qos-class.ts";

export const resourceNames = ["cpu", "memory", "ephemeral-storage"] as const;
export type ResourceName = (typeof resourceNames)[number];

/** What a namespace asks of each container, for one resource; amounts in thousandths. */
export interface ContainerRule {
  readonly min: number;
  readonly max: number;
  /** The highest ratio of limit to request. */
  readonly ratio: number;
  readonly needsRequest: boolean;
  readonly needsLimit: boolean;
}

/** The objects of one namespace that bound the resources of its pods. */
export interface NamespaceBounds {
  readonly limitRanges: readonly LimitRange[];
  readonly quotas: readonly ResourceQuota[];
}

/** A container of the pod that the rules are for. */
interface Ruled {
  readonly pod: AdmittedPod;
  readonly qos: QosClass;
}

/** The strictest of what all LimitRanges and ResourceQuotas say of a container. */
export function containerRule(name: ResourceName, bounds: NamespaceBounds, ruled: Ruled): ContainerRule {
  const limits = bounds.limitRanges.slice(0, webhookLimits.boundsPerNamespace).flatMap(({ spec }) => spec.limits);
  const ofContainer = limits.filter(({ type }) => type === "Container");
  const mins = amounts(ofContainer, "min", name);
  const maxima = amounts(ofContainer, "max", name);
  // If no container exceeds the ratio that the pod may have, the pod does not exceed it either.
  const ratios = amounts(limits, "maxLimitRequestRatio", name);
  const quotas = hasPodResources(ruled.pod.spec.resources) ? [] : quotasOf(bounds, ruled);
  const hard = new Set(quotas.flatMap(({ spec }) => spec.hard));
  return {
    min: Math.max(0, ...mins),
    max: Math.min(Number.POSITIVE_INFINITY, ...maxima),
    ratio: Math.min(Number.POSITIVE_INFINITY, ...ratios.map((ratio) => ratio / 1000)),
    needsRequest: mins.length + ratios.length > 0 || hard.has(name) || hard.has(`requests.${name}`),
    needsLimit: maxima.length + ratios.length > 0 || hard.has(`limits.${name}`),
  };
}

type Limit = LimitRange["spec"]["limits"][number];

function amounts(
  limits: readonly Limit[],
  field: "min" | "max" | "maxLimitRequestRatio",
  name: ResourceName,
): number[] {
  return limits.flatMap((limit) => readQuantity(limit[field]?.[name]) ?? []);
}

/** Whether the namespace counts pods by whether they have resources at all. */
export function countsBestEffort({ quotas }: NamespaceBounds): boolean {
  return quotas.some((quota) => scopesOf(quota).some(({ scopeName }) => /^(?:Not)?BestEffort$/.test(scopeName)));
}

function quotasOf({ quotas }: NamespaceBounds, ruled: Ruled): ResourceQuota[] {
  const few = quotas.slice(0, webhookLimits.boundsPerNamespace);
  return few.filter((quota) => scopesOf(quota).every((scope) => matches(scope, ruled)));
}

interface Scope {
  readonly scopeName: string;
  readonly operator: string;
  readonly values?: readonly string[] | undefined;
}

function scopesOf({ spec }: ResourceQuota): Scope[] {
  const plain = (spec.scopes ?? []).map((scopeName) => ({ scopeName, operator: "Exists" }));
  return [...plain, ...(spec.scopeSelector?.matchExpressions ?? [])];
}

/** https://kubernetes.io/docs/concepts/policy/resource-quotas/#quota-scopes. A scope that is not known matches. */
function matches({ scopeName, operator, values = [] }: Scope, { pod: { spec }, qos }: Ruled): boolean {
  switch (scopeName) {
    case "Terminating":
      return typeof spec.activeDeadlineSeconds === "number";
    case "NotTerminating":
      return typeof spec.activeDeadlineSeconds !== "number";
    case "BestEffort":
      return qos === "BestEffort";
    case "NotBestEffort":
      return qos !== "BestEffort";
    case "PriorityClass":
      return matchesPriority(operator, values, spec.priorityClassName ?? "");
    default:
      return true;
  }
}

function matchesPriority(operator: string, values: readonly string[], priorityClass: string): boolean {
  switch (operator) {
    case "In":
      return values.includes(priorityClass);
    case "NotIn":
      return !values.includes(priorityClass);
    case "DoesNotExist":
      return priorityClass === "";
    default:
      return priorityClass !== "";
  }
}
