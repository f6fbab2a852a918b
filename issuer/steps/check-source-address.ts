import { type Refusal, refusals } from "../../identity/reasons.ts";
import type { Pod } from "../../kube/core-objects.ts";
import { keyText } from "../../kube/kind.ts";
import type { AuditNotes } from "../audit.ts";
import type { ClusterState } from "../cluster-state.ts";
import { Refused } from "../endpoint.ts";
import type { HttpRequest } from "../http-message.ts";
import { holdsAddresses, podAddresses } from "../pod-addresses.ts";
import { type Source, sourceOf } from "../request-source.ts";
import type { IssuerSettings } from "../settings.ts";

interface Context {
  readonly request: Pick<HttpRequest, "sourceAddress">;
  /** The pod that the caller's token was given to. */
  readonly pod: Pod;
  readonly notes: Pick<AuditNotes, "source">;
}

export interface SourceAddressCheck {
  readonly cluster: Pick<ClusterState, "pods" | "podsAt" | "nodesAt" | "now">;
  readonly settings: Pick<IssuerSettings, "nodeSourceAddresses" | "unknownSourceAddresses">;
  /** Told of each request from an address that is not known to be the pod's. */
  readonly onUnprovenSource: (source: UnprovenSource) => void;
}

/** `unreported`: the pod has just started, and the kubelet has not reported its address. */
export type UnprovenSource = "unknown" | "unreported";

/**
 * A stolen token is of no use in another pod. An address proves nothing, so that it never lets anybody in who could not
 * come in without; it only keeps out whoever the API knows to be somebody else.
 */
export function checkSourceAddress({ cluster, settings, onUnprovenSource }: SourceAddressCheck) {
  return async ({ request, pod, notes }: Context): Promise<object | Refused> => {
    const source = await currentSource(request.sourceAddress, pod, cluster);
    if (source.kind === "unknown" || source.kind === "unreported") onUnprovenSource(source.kind);
    if (source.kind !== "own") notes.source = source.kind;
    const refusal = refusalOf(source, { address: request.sourceAddress, pod: keyText(pod.metadata) }, settings);
    return refusal === undefined ? {} : new Refused(refusal);
  };
}

/**
 * An address changes hands when one pod ends and the next begins, and a watch may tell of it late: both are read again
 * before one is refused. So is a pod that seems to have neither started nor an address.
 */
async function currentSource(address: string, pod: Pod, cluster: SourceAddressCheck["cluster"]): Promise<Source> {
  const facts = { address, nodes: cluster.nodesAt(address), now: cluster.now() };
  const stored = cluster.podsAt(address);
  const source = sourceOf({ ...facts, pod, holders: stored });
  if (source.kind === "unknown" && !hasStarted(pod)) {
    const read = await cluster.pods.read(pod.metadata, hasStarted);
    return sourceOf({ ...facts, pod: read ?? pod, holders: stored });
  }
  if (source.kind !== "another pod") return source;
  const now = await cluster.pods.read(pod.metadata, (found) => podAddresses(found).includes(address));
  const read = await Promise.all(stored.map(({ metadata }) => cluster.pods.read(metadata, () => false)));
  const holders = read.flatMap((found) => (found !== undefined && holds(found, address) ? [found] : []));
  return sourceOf({ ...facts, pod: now ?? pod, holders });
}

const hasStarted = (pod: Pod): boolean => pod.status?.startTime !== undefined || podAddresses(pod).length > 0;

const holds = (pod: Pod, address: string): boolean => holdsAddresses(pod) && podAddresses(pod).includes(address);

function refusalOf(
  source: Source,
  shown: { readonly address: string; readonly pod: string },
  settings: SourceAddressCheck["settings"],
): Refusal | undefined {
  switch (source.kind) {
    case "own":
    case "unreported":
      return undefined;
    case "another pod":
      return refusals.SourceAddressMismatch(
        { ...shown, owner: "another pod" },
        `the address is pod ${keyText(source.holder.metadata)}'s`,
      );
    case "node":
      if (settings.nodeSourceAddresses === "allow") return undefined;
      return refusals.SourceAddressMismatch({ ...shown, owner: "a node" }, "the address is a node's");
    case "unknown":
      return settings.unknownSourceAddresses === "allow" ? undefined : refusals.SourceAddressUnknown(shown);
  }
}
