import { secrets } from "../../kube/cluster-kinds.ts";
import type { Kind, KubeObject } from "../../kube/kind.ts";
import { vaultLimits } from "../limits.ts";
import {
  type Deletion,
  newestOf,
  type SecretOutline,
  type VaultReference,
  type VersionAttributes,
} from "../secret/secret.ts";
import { outlineOf } from "./stored-secret.ts";

/** What is kept in memory of a secret: what lists show of its newest version, and what it counts. */
export interface IndexedSecret {
  readonly vault: VaultReference;
  readonly name: string;
  /** Without tags, if these are long. */
  readonly newest: VersionAttributes;
  /** The tags are too long to be kept for every secret: a list reads them from the object. */
  readonly hasLongTags: boolean;
  readonly deletion: Deletion | undefined;
  /** Of the values and attributes of all versions, as Kubernetes holds them. */
  readonly bytes: number;
}

export interface IndexedObject extends KubeObject {
  readonly indexed: IndexedSecret | undefined;
}

/** Secrets as they are watched: of each object only what is read later is kept. */
export const indexedSecrets: Kind<IndexedObject> = {
  ...secrets,
  parse(object) {
    const stored = secrets.parse(object);
    const { namespace, name, uid, resourceVersion } = stored.metadata;
    const outline = outlineOf(stored);
    return {
      ...{ apiVersion: secrets.apiVersion, kind: secrets.kind },
      metadata: { namespace: shared(namespace), name, uid, resourceVersion, creationTimestamp: "" },
      indexed: outline && indexedSecret(outline, bytesOf(stored.data)),
    };
  },
};

function indexedSecret({ vault, name, versions, deletion }: SecretOutline, bytes: number): IndexedSecret {
  const { tags, ...newest } = newestOf(versions);
  const hasLongTags = tags !== undefined && JSON.stringify(tags).length > vaultLimits.indexedTagCharacters;
  return {
    vault: { uid: shared(vault.uid), namespace: shared(vault.namespace), name: shared(vault.name) },
    ...{ name, hasLongTags, deletion, bytes },
    newest: tags === undefined || hasLongTags ? newest : { ...newest, tags },
  };
}

/** Of base64, without the padding's exactness: it is for a limit. */
export function bytesOf(data: Readonly<Record<string, string>> = {}): number {
  return Math.ceil(Object.values(data).reduce((sum, value) => sum + value.length, 0) * 0.75);
}

const texts = new Map<string, string>();
const MOST_TEXTS = 10_000;

/** The same text once: thousands of secrets name the same vault. */
function shared(text: string): string {
  const known = texts.get(text);
  if (known !== undefined) return known;
  if (texts.size >= MOST_TEXTS) texts.clear();
  texts.set(text, text);
  return text;
}
