/**
 * A secret is one object of Kubernetes, which holds at most 1 MiB: so many versions of the largest value and the
 * longest tags fit into it. https://kubernetes.io/docs/concepts/configuration/secret/#restriction-data-size
 */
export const secretLimits = {
  /** The oldest goes when there would be more. */
  versions: 25,
  /** Key Vault's own bound. */
  valueBytes: 25 * 1024,
  contentTypeCharacters: 255,
  tags: 15,
  tagCharacters: 512,
  /** All tags of one version, as JSON. */
  tagBytes: 8 * 1024,
} as const;
