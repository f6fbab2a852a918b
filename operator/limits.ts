/** What the operator bounds. */
export const operatorLimits = {
  vaultsPerCluster: 500,
  vaultsPerNamespace: 20,
} as const;

export const operatorLimitTexts: Readonly<Record<keyof typeof operatorLimits, string>> = {
  vaultsPerCluster:
    "Vaults that are served in the cluster, the oldest first: their certificates are in one Secret. Each further one says `VaultLimitReached` in its condition.",
  vaultsPerNamespace:
    "Vaults that are served in one namespace, the oldest first, so that no tenant uses up the limit of the cluster. Each further one says `VaultLimitReached` in its condition.",
};
