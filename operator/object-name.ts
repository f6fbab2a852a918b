import { type KubeObject, keyText, type ObjectKey } from "../kube/kind.ts";

/** An object among those of several kinds. */
export interface ObjectName extends ObjectKey {
  readonly kind: string;
}

/** `Deployment shop/web`: for messages, as a key of the work queue and as the value of an index. */
export function objectText(object: ObjectName): string {
  return `${object.kind} ${keyText(object)}`;
}

/** The name that `objectText` wrote; no part of one contains a space or a slash. */
export function parseObjectText(text: string): ObjectName {
  const [kind = "", key = ""] = text.split(" ");
  return { kind, ...parseKeyText(key) };
}

/** The key that `keyText` wrote. */
export function parseKeyText(text: string): ObjectKey {
  const [first = "", second] = text.split("/");
  return second === undefined ? { name: first } : { namespace: first, name: second };
}

export function nameOf({ kind, metadata }: KubeObject): ObjectName {
  return { kind, namespace: metadata.namespace, name: metadata.name };
}
