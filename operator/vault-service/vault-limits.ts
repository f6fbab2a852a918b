import { operatorLimits } from "../limits.ts";

export const MOST_VAULTS = operatorLimits.vaultsPerCluster;
export const MOST_VAULTS_OF_NAMESPACE = operatorLimits.vaultsPerNamespace;

/** Of each namespace its share of the vaults, of the cluster as many as there is room for: the first of these. */
export function withinLimits<T extends { readonly namespace: string }>(oldestFirst: readonly T[]): readonly T[] {
  const counts = new Map<string, number>();
  const shares = oldestFirst.filter(({ namespace }) => {
    const count = (counts.get(namespace) ?? 0) + 1;
    counts.set(namespace, count);
    return count <= MOST_VAULTS_OF_NAMESPACE;
  });
  return shares.slice(0, MOST_VAULTS);
}
