import type { KubeApi } from "../kube/api.ts";
import type { Clock } from "../kube/clock.ts";
import { groupOf } from "../kube/custom-workloads.ts";
import { metadataOnly } from "../kube/kept.ts";
import type { Kind, KubeObject } from "../kube/kind.ts";
import { type ObjectReader, objectReader } from "./object-reader.ts";
import { OwnerMemory } from "./owner-memory.ts";

interface CustomOwners {
  readonly api: KubeApi;
  readonly clock: Clock;
  readonly kinds: () => readonly Kind[];
}

/** Nothing of these kinds is watched here: an object is read when a pod below it asks, and then remembered. */
const empty = { get: () => undefined };

/** Reads controllers of kinds that the installation named. A controller may write another version than the preferred one. */
export function customOwners({ api, clock, kinds }: CustomOwners) {
  const memory = new OwnerMemory(clock);
  /** By what tells a kind: each discovery makes other objects of the same kinds. */
  const readers = new Map<string, ObjectReader<KubeObject>>();
  let served: readonly Kind[] = [];

  const forgetOthers = (current: readonly Kind[]): void => {
    if (current === served) return;
    served = current;
    const names = new Set(current.map(nameOf));
    for (const name of readers.keys()) if (!names.has(name)) readers.delete(name);
  };

  return {
    readerOf({ apiVersion, kind }: Pick<Kind, "apiVersion" | "kind">): ObjectReader<KubeObject> | undefined {
      const current = kinds();
      const known = current.find((each) => each.kind === kind && groupOf(each.apiVersion) === groupOf(apiVersion));
      if (known === undefined) return undefined;
      forgetOthers(current);
      const name = nameOf(known);
      const reader = readers.get(name) ?? memory.inFrontOf(objectReader(api, metadataOnly(known), empty, clock), name);
      readers.set(name, reader);
      return reader;
    },
  };
}

const nameOf = ({ apiVersion, plural }: Kind): string => `${apiVersion} ${plural}`;
