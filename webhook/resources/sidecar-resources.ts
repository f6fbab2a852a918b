import { type AdmissionReason, admissionReasons } from "../../identity/admission-reasons.ts";
import { readQuantity, writeQuantity } from "../../identity/quantity.ts";
import type { AdmittedPod } from "../inject/pod.ts";
import type { WebhookSettings } from "../settings.ts";
import { type Authored, authoredAmounts } from "./authored-amounts.ts";
import {
  type ContainerRule,
  containerRule,
  countsBestEffort,
  type NamespaceBounds,
  type ResourceName,
  resourceNames,
} from "./namespace-rules.ts";
import { podBoundWarnings } from "./pod-bounds.ts";
import { hasPodResources, qosClass } from "./qos-class.ts";

/** What a container reserves and may use at most, in thousandths of a core or byte. */
export interface Amount {
  readonly request?: number | undefined;
  readonly limit?: number | undefined;
}

export interface SidecarResources {
  readonly resources: {
    readonly requests?: Readonly<Record<string, string>>;
    readonly limits?: Readonly<Record<string, string>>;
  };
  readonly warnings: readonly AdmissionReason[];
}

/** The namespace's part in what a sidecar gets. */
export interface ResourceFacts extends NamespaceBounds {
  readonly annotations: Readonly<Record<string, string>>;
}

/** Where a limit or request is demanded and the installation names none. The processor's limit delays a token by milliseconds. */
const fallbacks: Readonly<Record<ResourceName, { readonly request: number; readonly limit: number }>> = {
  cpu: { request: 5, limit: 100 },
  memory: { request: 16 * 1024 * 1024 * 1000, limit: 64 * 1024 * 1024 * 1000 },
  // The kubelet counts the container's logs, of which it keeps 50 MiB.
  "ephemeral-storage": { request: 16 * 1024 * 1024 * 1000, limit: 128 * 1024 * 1024 * 1000 },
};

/**
 * The resources of one pod's sidecar: the installation's, then what the namespace's and the pod's annotations ask for,
 * changed as far as LimitRanges, ResourceQuotas and the pod's quality of service need.
 */
export function sidecarResources(pod: AdmittedPod, facts: ResourceFacts, settings: WebhookSettings): SidecarResources {
  const qos = qosClass(pod);
  const authored = authoredAmounts(pod, facts);
  const plan = { pod, settings, authored, qos, bounds: facts };
  if (qos === "BestEffort" && countsBestEffort(facts) && authored.amounts.size === 0) {
    return { resources: {}, warnings: authored.warnings };
  }
  const amounts = new Map(resourceNames.map((name) => [name, amountOf(name, plan)]));
  const chosen = new Map([...amounts].map(([name, { amount }]) => [name, amount] as const));
  return {
    resources: { ...written("requests", "request", chosen), ...written("limits", "limit", chosen) },
    warnings: [
      ...authored.warnings,
      ...[...amounts.values()].flatMap(({ warnings }) => warnings),
      ...podBoundWarnings(pod, facts, chosen),
    ],
  };
}

interface Plan {
  readonly pod: AdmittedPod;
  readonly settings: WebhookSettings;
  readonly authored: Authored;
  readonly qos: ReturnType<typeof qosClass>;
  readonly bounds: NamespaceBounds;
}

interface Chosen {
  readonly amount: Amount;
  readonly warnings: readonly AdmissionReason[];
}

function amountOf(name: ResourceName, { pod, settings, authored, qos, bounds }: Plan): Chosen {
  const asked = authored.amounts.get(name);
  const rule = containerRule(name, bounds, { pod, qos });
  const wanted = isOfPod(pod, name) && asked === undefined ? {} : consistent(installed(settings, name), asked ?? {});
  const isFixed = qos === "Guaranteed" && !hasPodResources(pod.spec.resources) && name !== "ephemeral-storage";
  const demanded = isFixed ? fixed(wanted, name) : completed(wanted, rule, name);
  const amount = clamped(demanded, rule, isFixed);
  return { amount, warnings: adaptations(name, asked ?? {}, amount) };
}

function adaptations(name: ResourceName, asked: Amount, given: Amount): AdmissionReason[] {
  return (["request", "limit"] as const).flatMap((field) => {
    const amount = given[field];
    if (asked[field] === undefined || amount === undefined || asked[field] === amount) return [];
    return [admissionReasons.SidecarResourcesAdapted(`${name} ${field}`, writeQuantity(name, amount))];
  });
}

/** The pod's own budget bounds all its containers together; what the sidecar reserved would have to be added to it. */
function isOfPod({ spec }: AdmittedPod, name: ResourceName): boolean {
  if (name === "ephemeral-storage") return false;
  return spec.resources?.requests?.[name] !== undefined || spec.resources?.limits?.[name] !== undefined;
}

function installed({ resources }: WebhookSettings, name: ResourceName): Amount {
  return { request: readQuantity(resources.requests?.[name]), limit: readQuantity(resources.limits?.[name]) };
}

/** Of a request and a limit that do not fit together, the one that was asked for counts. */
function consistent(base: Amount, asked: Amount): Amount {
  const { request = base.request, limit = base.limit } = asked;
  if (request === undefined || limit === undefined || request <= limit) return { request, limit };
  return asked.limit === undefined ? { request, limit: request } : { request: limit, limit };
}

/** The same amount reserved and allowed: the sidecar's limit, so that it works as it does elsewhere. */
function fixed({ request, limit }: Amount, name: ResourceName): Amount {
  const both = limit ?? Math.max(request ?? 0, fallbacks[name].limit);
  return { request: both, limit: both };
}

/** With a request and a limit, where the namespace demands them. */
function completed({ request, limit }: Amount, rule: ContainerRule, name: ResourceName): Amount {
  const fallback = fallbacks[name];
  const allowed = limit ?? (rule.needsLimit ? Math.max(fallback.limit, request ?? 0) : undefined);
  const reserved = request ?? (rule.needsRequest ? Math.min(fallback.request, allowed ?? fallback.request) : undefined);
  return { request: reserved, limit: allowed };
}

/** The nearest amount that is allowed. Where a namespace contradicts itself, the API server says so. */
function clamped({ request, limit }: Amount, { min, max, ratio }: ContainerRule, isFixed: boolean): Amount {
  const within = (amount: number): number => Math.min(Math.max(amount, min), max);
  const most = limit === undefined ? undefined : within(limit);
  if (isFixed) return { request: most, limit: most };
  if (request === undefined || most === undefined) return { request: request && within(request), limit: most };
  return { request: Math.min(Math.max(within(request), Math.ceil(most / ratio)), most), limit: most };
}

function written(list: "requests" | "limits", field: keyof Amount, amounts: ReadonlyMap<ResourceName, Amount>): object {
  const entries = [...amounts].flatMap(([name, { [field]: amount }]) =>
    amount === undefined ? [] : [[name, writeQuantity(name, amount)] as const],
  );
  return entries.length === 0 ? {} : { [list]: Object.fromEntries(entries) };
}
