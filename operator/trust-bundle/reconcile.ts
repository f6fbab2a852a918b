export interface TrustBundleFacts {
  /** PEM; undefined while there are no certificates. */
  readonly trustBundle: string | undefined;
  readonly isDeleting: boolean;
  /** Whether a pod of the namespace may mount it. */
  readonly isNeeded: boolean;
  /** Undefined when there is none. One that a person made under its name, where none is needed, is theirs. */
  readonly configMap: PresentConfigMap | undefined;
}

interface PresentConfigMap {
  readonly content: string | undefined;
  readonly isOurs: boolean;
  /** Nothing but its deletion changes it. */
  readonly isImmutable: boolean;
}

/** What was deleted is looked at again, and then written. */
export type TrustBundleStep = "keep" | "write" | "delete";

/** What to do with the trust bundle of a namespace. */
export function trustBundleStep({ trustBundle, isDeleting, isNeeded, configMap }: TrustBundleFacts): TrustBundleStep {
  if (isDeleting || trustBundle === undefined) return "keep";
  if (isNeeded && configMap?.content === trustBundle) return "keep";
  if (isNeeded) return configMap?.isImmutable === true ? "delete" : "write";
  return configMap?.isOurs === true ? "delete" : "keep";
}
