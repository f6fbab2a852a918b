import { injection } from "../../../identity/names.ts";
import { row, type Section } from "../report.ts";
import type { ContainerMemory } from "./kubelet-memory.ts";
import { NAMESPACE } from "./pods.ts";
import { quantile } from "./quantile.ts";

/** What the Azure Workload Identity proxy took on a machine of this kind, idle (MB). */
const AZURE_PROXY_IDLE = 6.2 * 1.048_576;

export function sidecarMemory(containers: readonly ContainerMemory[]): Section {
  const ours = containers
    .filter(({ namespace, container }) => namespace === NAMESPACE && container === injection.container)
    .map(({ megabytes }) => megabytes);
  const against = { target: { atMost: 4 }, floor: AZURE_PROXY_IDLE };
  return {
    heading: `Sidecar, as the kubelet accounts it, ${ours.length} pods of one node`,
    floor: "Azure proxy",
    rows: [
      row("median", "MB", { ours: quantile(ours, 0.5), ...against }),
      row("largest", "MB", { ours: Math.max(...ours), ...against }),
    ],
    notes: [
      "Each has confirmed its identity with the issuer and served nobody yet. The Azure figure is from an earlier run.",
    ],
  };
}
