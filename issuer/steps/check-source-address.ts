import { type Refusal, refusals } from "../../identity/reasons.ts";
import type { Pod } from "../../kube/core-objects.ts";
import { keyText } from "../../kube/kind.ts";
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
}

export interface SourceAddressCheck {
  readonly cluster: Pick<ClusterState, "pods" | "podsAt" | "nodesAt">;
  readonly settings: Pick<IssuerSettings, "nodeSourceAddresses" | "unknownSourceAddresses">;
  readonly onUnknownSourceAddress: () => void;
}

/**
 * A stolen token is of no use in another pod. An address proves nothing, so that it never lets anybody in who could not
 * come in without; it only keeps out whoever the API knows to be somebody else.
 */
export function checkSourceAddress({ cluster, settings, onUnknownSourceAddress }: SourceAddressCheck) {
  return async ({ request, pod }: Context): Promise<object | Refused> => {
    const source = await currentSource(request.sourceAddress, pod, cluster);
    if (source.kind === "unknown") onUnknownSourceAddress();
    const refusal = refusalOf(source, { address: request.sourceAddress, pod: keyText(pod.metadata) }, settings);
    return refusal === undefined ? {} : new Refused(refusal);
  };
}

/** An address changes hands when one pod ends and the next begins, and a watch may tell of it late: both are read anew before one is refused. */
async function currentSource(address: string, pod: Pod, cluster: SourceAddressCheck["cluster"]): Promise<Source> {
  const nodes = cluster.nodesAt(address);
  const stored = cluster.podsAt(address);
  const source = sourceOf({ address, pod, holders: stored, nodes });
  if (source.kind !== "another pod") return source;
  const now = await cluster.pods.read(pod.metadata, (found) => podAddresses(found).includes(address));
  const read = await Promise.all(stored.map(({ metadata }) => cluster.pods.read(metadata, () => false)));
  const holders = read.flatMap((found) => (found !== undefined && holds(found, address) ? [found] : []));
  return sourceOf({ address, pod: now ?? pod, holders, nodes });
}

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
