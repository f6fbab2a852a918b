import fc from "fast-check";
import type { Kind } from "../../kube/kind.ts";
import { isStatus } from "../../kube/status-error.ts";
import type { Cluster } from "./cluster.ts";

/** One thing that happens in a random history; the text is for who reads a counterexample. */
export interface Step {
  readonly text: string;
  readonly take: (cluster: Cluster) => Promise<unknown>;
}

export const step = (text: string, take: Step["take"]): Step => ({ text, take });

/** Deletes an object that may not be there. */
export async function deleteIfThere(cluster: Cluster, kind: Kind, name: string): Promise<void> {
  try {
    await cluster.delete(kind, name);
  } catch (error) {
    if (!isStatus(error, "NotFound")) throw error;
  }
}

export const comingAndGoing = (kind: Kind, name: string, make: Step["take"]): fc.Arbitrary<Step> =>
  fc.constantFrom(
    step(`make ${kind.kind} ${name}`, make),
    step(`delete ${kind.kind} ${name}`, (cluster) => deleteIfThere(cluster, kind, name)),
  );
