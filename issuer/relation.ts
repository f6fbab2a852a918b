/** How the service that asks is related to what it asks about, by namespace. */
export type Relation =
  /** The principal's own namespace, or one that the administrator lets ask about everything. */
  | "principal"
  /** The namespace of the resource alone: it may hear about its own grants, and not whether an identity exists. */
  | "resource"
  /** Neither: it hears nothing. */
  | "none";

export interface Related {
  /** Of the caller's pod. */
  readonly callerNamespace: string;
  /** Undefined if nothing names one: an id that no identity has, say. */
  readonly principalNamespace: string | undefined;
  readonly resourceNamespace: string | undefined;
  /** Namespaces whose pods may ask about everything. */
  readonly decisionNamespaces: readonly string[];
}

export function relationOf(related: Related): Relation {
  const { callerNamespace, decisionNamespaces } = related;
  if (callerNamespace === related.principalNamespace || decisionNamespaces.includes(callerNamespace))
    return "principal";
  return callerNamespace === related.resourceNamespace ? "resource" : "none";
}
