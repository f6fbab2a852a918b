import { row, type Section } from "../report.ts";
import type { ContainerMemory } from "./kubelet-memory.ts";

const processes = ["operator", "webhook", "issuer"] as const;

export interface MemorySamples {
  readonly withoutPods: readonly ContainerMemory[];
  readonly withPods: readonly ContainerMemory[];
  readonly pods: number;
}

/** The larger of each process's replicas. */
export function processMemory({ withoutPods, withPods, pods }: MemorySamples): Section {
  return {
    heading: "Memory of the control plane",
    floor: "0 pods",
    rows: processes.map((name) =>
      row(`${name}, ${pods} pods`, "MB", { ours: largest(withPods, name), floor: largest(withoutPods, name) }),
    ),
    notes: ["The kubelet's working set of the larger replica."],
  };
}

function largest(containers: readonly ContainerMemory[], name: string): number {
  return Math.max(...containers.filter(({ container }) => container === name).map(({ megabytes }) => megabytes));
}
