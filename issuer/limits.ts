const KiB = 1024;

/** What one issuer process bounds, besides what every server bounds (`http/limits.ts`). */
export const issuerLimits = {
  requestBodyBytes: 64 * KiB,
} as const;

export const issuerLimitTexts: Readonly<Record<keyof typeof issuerLimits, string>> = {
  requestBodyBytes: "Size of a request body. A larger one gets status 413 with the code BodyTooLarge.",
};
