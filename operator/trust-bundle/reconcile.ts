export interface TrustBundleFacts {
  /** PEM; undefined while there are no certificates. */
  readonly trustBundle: string | undefined;
  readonly isDeleting: boolean;
  /** Whether a pod of the namespace may mount it. */
  readonly isNeeded: boolean;
  /** Undefined when there is none. One that a person made under its name, where none is needed, is theirs. */
  readonly configMap: { readonly content: string | undefined; readonly isOurs: boolean } | undefined;
}

export type TrustBundleStep = "keep" | "write" | "delete";

/** What to do with the trust bundle of a namespace. */
export function trustBundleStep({ trustBundle, isDeleting, isNeeded, configMap }: TrustBundleFacts): TrustBundleStep {
  if (isDeleting || trustBundle === undefined) return "keep";
  if (isNeeded) return configMap?.content === trustBundle ? "keep" : "write";
  return configMap?.isOurs === true ? "delete" : "keep";
}
