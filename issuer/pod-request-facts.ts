import type { QuestionMeter } from "../identity/condition-judge.ts";
import type { PodRequestFacts } from "../identity/request-facts.ts";
import type { KubeApi } from "../kube/api.ts";
import type { Clock } from "../kube/clock.ts";
import type { Pod } from "../kube/core-objects.ts";
import { hasAllLabels } from "../kube/kept.ts";
import { pods } from "../kube/kinds.ts";
import { issuerLimits } from "./limits.ts";
import { objectReader } from "./object-reader.ts";

/** Undefined if the pod was deleted, or another has its name. Rejects with a StatusError when the API cannot say. */
export type ReadPodFacts = (pod: Pod, meter?: QuestionMeter) => Promise<PodRequestFacts | undefined>;

/** What the API says now of the pod that asks, never what anybody says of it: labels can change while it runs. */
export function podRequestFacts({ metadata, spec }: Pod): PodRequestFacts {
  const { namespace, name, labels = {} } = metadata;
  return { namespace, name, serviceAccount: spec.serviceAccountName, labels };
}

/**
 * Facts of pods whose cached copy may lack labels (`kube/kept.ts`). A condition may ask for any label, and for the
 * absence of one, so that the labels of such a pod are read from the API, once for each version of the pod.
 */
export function podFactsReader(api: KubeApi, clock: Clock): ReadPodFacts {
  const reader = objectReader(api, pods, { get: () => undefined }, clock);
  const recent = new RecentFacts(issuerLimits.longLabelCharacters);
  return async (pod, meter) => {
    if (hasAllLabels(pod)) return podRequestFacts(pod);
    const { namespace, name, uid, resourceVersion } = pod.metadata;
    const version = `${uid} ${resourceVersion}`;
    const known = recent.get(version);
    if (known !== undefined) return known;
    meter?.charge(issuerLimits.stepsOfReadingLabels);
    const read = await reader.read({ namespace, name, uid });
    if (read?.metadata.uid !== uid) return undefined;
    const facts = podRequestFacts(read);
    recent.set(version, facts);
    return facts;
  };
}

/** Facts up to a number of characters of labels in all. The oldest are dropped. */
class RecentFacts {
  readonly #most: number;
  readonly #facts = new Map<string, PodRequestFacts>();
  #characters = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get(version: string): PodRequestFacts | undefined {
    return this.#facts.get(version);
  }

  set(version: string, facts: PodRequestFacts): void {
    this.#drop(version);
    this.#facts.set(version, facts);
    this.#characters += charactersOf(facts);
    for (const oldest of this.#facts.keys()) {
      if (this.#characters <= this.#most) return;
      this.#drop(oldest);
    }
  }

  #drop(version: string): void {
    const facts = this.#facts.get(version);
    if (facts === undefined) return;
    this.#facts.delete(version);
    this.#characters -= charactersOf(facts);
  }
}

function charactersOf({ labels }: PodRequestFacts): number {
  return Object.entries(labels).reduce((sum, [key, value]) => sum + key.length + value.length, 0);
}
