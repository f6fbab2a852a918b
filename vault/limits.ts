const KiB = 1024;

/** What one vault process bounds, besides what every server bounds (`http/limits.ts`). */
export const vaultLimits = {
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
