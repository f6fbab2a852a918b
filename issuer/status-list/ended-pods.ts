import type { Clock } from "../../kube/clock.ts";
import type { Pod } from "../../kube/core-objects.ts";
import type { Store } from "../../kube/store.ts";
import { isUsable, type Stored } from "../../kube/stored.ts";
import { cohortOf, isOpen, type StatusListKey } from "./status-list-key.ts";

type Cohort = Pick<StatusListKey, "namespace" | "serviceAccount" | "cohort">;

/** The pods that were deleted while others of their cohort could still come. */
export interface EndedPods {
  uidsIn(cohort: Cohort): Iterable<string>;
}

/**
 * Of a cohort that is complete, whoever is not there has ended. Until then that must be remembered: for some ten
 * minutes, of pods that lived no longer, and in memory alone, since nothing is asked of it afterwards.
 */
export function watchEndedPods(store: Pick<Store<Stored<Pod>>, "subscribe">, clock: Clock): EndedPods {
  const ended = new Map<string, { readonly cohort: number; readonly uids: Set<string> }>();

  const remember = ({ metadata, spec }: Pod): void => {
    const cohort = cohortOf({ metadata });
    if (!isOpen(cohort, clock.now())) return;
    const name = nameOf({ namespace: metadata.namespace, serviceAccount: spec.serviceAccountName, cohort });
    const group = ended.get(name) ?? { cohort, uids: new Set() };
    group.uids.add(metadata.uid);
    ended.set(name, group);
  };
  const forget = (): void => {
    for (const [name, { cohort }] of ended) if (!isOpen(cohort, clock.now())) ended.delete(name);
  };
  store.subscribe(({ type, object }) => {
    if (type !== "delete" || !isUsable(object)) return;
    forget();
    remember(object);
  });
  return { uidsIn: (cohort) => ended.get(nameOf(cohort))?.uids ?? [] };
}

const nameOf = ({ namespace, serviceAccount, cohort }: Cohort): string => `${namespace}/${serviceAccount}/${cohort}`;
