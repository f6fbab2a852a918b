const KiB = 1024;

/** What one issuer process bounds, besides what every server bounds (`http/limits.ts`). */
export const issuerLimits = {
  requestBodyBytes: 64 * KiB,
  unreportedAddressSeconds: 300,
  tokenReviewsPerSecond: 5,
  tokenReviewsBurst: 20,
} as const;

export const issuerLimitTexts: Readonly<Record<keyof typeof issuerLimits, string>> = {
  requestBodyBytes: "Size of a request body. A larger one gets status 413 with the code BodyTooLarge.",
  unreportedAddressSeconds:
    "How long after its start a pod whose address the kubelet has not reported may ask from an unknown address. Later it is treated as any request from an unknown address: see the chart value issuer.unknownSourceAddresses.",
  tokenReviewsPerSecond:
    "How many ServiceAccount tokens of an issuer that is not known yet are shown to the API server per second. Beyond it such a token gets status 503 with the code ClusterKeysUnavailable.",
  tokenReviewsBurst: "How many of them at once.",
};
