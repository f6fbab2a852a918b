const KiB = 1024;
const MiB = 1024 * KiB;

/** What one vault process bounds, besides what every server bounds (`http/limits.ts`). */
export const vaultLimits = {
  secretsPerVault: 500,
  secretsPerNamespace: 1_000,
  bytesPerVault: 32 * MiB,
  bytesPerNamespace: 64 * MiB,
  versionsPerSecret: 25,
  valueBytes: 25 * KiB,
  contentTypeCharacters: 255,
  tags: 15,
  tagCharacters: 512,
  tagBytes: 8 * KiB,
  indexedTagCharacters: 512,
  listEntries: 25,
  certificatesInMemory: 100,
  issuerKeysMaxAgeMs: 300_000,
  issuerKeysPauseMs: 5_000,
  issuerAnswerMs: 3_000,
  issuerAnswerBytes: 64 * KiB,
  requestsPerSecondPerAddress: 200,
  requestBurstPerAddress: 1_000,
  requestsPerSecondPerPrincipal: 100,
  requestBurstPerPrincipal: 500,
  requestsPerSecondPerNamespace: 500,
  requestBurstPerNamespace: 2_000,
} as const;

export const vaultLimitTexts: Readonly<Record<keyof typeof vaultLimits, string>> = {
  secretsPerVault:
    "Secrets in one vault, with deleted ones until they are purged. Chart value vault.limits.secretsPerVault. A further one gets status 403 with the code QuotaExceeded.",
  secretsPerNamespace:
    "Secrets in all vaults of one namespace, with deleted and orphaned ones until they are purged. Chart value vault.limits.secretsPerNamespace. A further one gets status 403 with the code QuotaExceeded.",
  bytesPerVault:
    "Size of all values and attributes in one vault, with every version. Chart value vault.limits.mebibytesPerVault. A write that exceeds it gets status 403 with the code QuotaExceeded.",
  bytesPerNamespace:
    "Size of all values and attributes in the vaults of one namespace. Chart value vault.limits.mebibytesPerNamespace. A write that exceeds it gets status 403 with the code QuotaExceeded.",
  versionsPerSecret:
    "Versions that a secret keeps. Chart value vault.limits.versionsPerSecret. A further version removes the oldest one. A secret is one object of Kubernetes, which holds at most 1 MiB: 25 versions of the largest value and the longest tags fit.",
  valueBytes: "Size of a value as UTF-8, as in Key Vault. A larger one gets status 400.",
  contentTypeCharacters: "Length of a content type. A longer one gets status 400.",
  tags: "Tags of one version. More get status 400.",
  tagCharacters: "Length of a tag's name and of its value. A longer one gets status 400.",
  tagBytes: "Size of all tags of one version as JSON. More get status 400.",
  indexedTagCharacters:
    "Length of the tags of a secret, as JSON, that the vault keeps in memory. A list reads longer ones from the object, and each counts as one request of the caller.",
  listEntries: "Secrets on one page of a list. A larger maxresults gets status 400.",
  certificatesInMemory:
    "Certificates of vaults that a process holds ready. Beyond it the one that was used longest ago is read again when a client asks for it.",
  issuerKeysMaxAgeMs: "Age of the issuer's public keys. Older ones are read again; they stay in use until then.",
  issuerKeysPauseMs:
    "Pause between two reads of the issuer's public keys, also if tokens name unknown keys. A token that names a key which is not known then gets status 401.",
  issuerAnswerMs: "Time for an answer of the issuer. Without one the request gets status 503 with Retry-After.",
  issuerAnswerBytes: "Size of an answer of the issuer. A larger one counts as none: the request gets status 503.",
  requestsPerSecondPerAddress:
    "Requests of one source address in a second, before a token is looked at. More get status 429 with Retry-After.",
  requestBurstPerAddress: "Requests of one source address at once, before the rate per second counts.",
  requestsPerSecondPerPrincipal:
    "Requests of one verified identity in a second. More get status 429 with Retry-After, and the issuer is not asked.",
  requestBurstPerPrincipal: "Requests of one verified identity at once, before the rate per second counts.",
  requestsPerSecondPerNamespace:
    "Requests of all verified pods of one namespace in a second. More get status 429 with Retry-After, and the issuer is not asked.",
  requestBurstPerNamespace:
    "Requests of all verified pods of one namespace at once, before the rate per second counts.",
};
