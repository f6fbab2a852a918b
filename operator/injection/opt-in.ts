import { labels, uninjectedNamespaces } from "../../identity/names.ts";
import type { Namespace } from "../../kube/core-objects.ts";

/** Whether pods of a namespace are injected that do not say otherwise themselves. */
export function isOptedIn({ metadata }: Namespace): boolean {
  return metadata.labels?.[labels.inject] === "enabled";
}

/** A label whose value is neither "true" nor "false" counts for nothing, as to the webhook. */
export function asksForInjection(inject: string | undefined, namespace: Namespace): boolean {
  if (inject === "true" || inject === "false") return inject === "true";
  return isOptedIn(namespace);
}

/** Where the webhook leaves every pod alone: what it needs itself to start. */
export function isExcluded(namespace: string, installedIn: string): boolean {
  return namespace === installedIn || uninjectedNamespaces.some((name) => name === namespace);
}
