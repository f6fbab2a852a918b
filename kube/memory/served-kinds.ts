import type { Kind } from "../kind.ts";
import { notServed } from "./refusal.ts";

/** The kinds that this API has; every other one is not found. */
export class ServedKinds {
  readonly namespaced: readonly Kind[];
  readonly #byName: ReadonlyMap<string, Kind>;

  constructor(kinds: readonly Kind[]) {
    this.namespaced = kinds.filter((kind) => kind.namespaced);
    this.#byName = new Map(kinds.map((kind) => [nameOf(kind), kind]));
  }

  find(named: KindName): Kind | undefined {
    return this.#byName.get(nameOf(named));
  }

  /** Throws NotFound for a kind that is not served. */
  require(named: KindName): Kind {
    const kind = this.find(named);
    if (kind === undefined) throw notServed();
    return kind;
  }
}

type KindName = Pick<Kind, "apiVersion" | "kind">;

export const NAMESPACE: KindName = { apiVersion: "v1", kind: "Namespace" };

export const isNamespaceKind = (named: KindName): boolean => nameOf(named) === nameOf(NAMESPACE);

const nameOf = ({ apiVersion, kind }: KindName): string => `${apiVersion}/${kind}`;
