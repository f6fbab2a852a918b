import type { KubeApi } from "../kube/api.ts";
import type { Clock } from "../kube/clock.ts";
import { groupOf } from "../kube/custom-workloads.ts";
import type { Kind, KubeObject } from "../kube/kind.ts";
import { type ObjectReader, objectReader } from "./object-reader.ts";

interface CustomOwners {
  readonly api: KubeApi;
  readonly clock: Clock;
  readonly kinds: () => readonly Kind[];
}

/** Nothing of these kinds is watched here: an object is read when a pod below it asks. */
const empty = { get: () => undefined };

/** Reads controllers of kinds that the installation named. A controller may write another version than the preferred one. */
export function customOwners({ api, clock, kinds }: CustomOwners) {
  const readers = new Map<Kind, ObjectReader<KubeObject>>();
  return {
    readerOf({ apiVersion, kind }: Pick<Kind, "apiVersion" | "kind">): ObjectReader<KubeObject> | undefined {
      const served = kinds();
      const known = served.find((each) => each.kind === kind && groupOf(each.apiVersion) === groupOf(apiVersion));
      if (known === undefined) return undefined;
      for (const old of readers.keys()) if (!served.includes(old)) readers.delete(old);
      const reader = readers.get(known) ?? objectReader(api, known, empty, clock);
      readers.set(known, reader);
      return reader;
    },
  };
}
