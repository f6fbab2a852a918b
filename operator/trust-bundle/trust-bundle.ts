/** The certificates that the issuer is known by, and who wants to hear when there are others. */
export interface TrustBundle {
  /** PEM; undefined while there are none. */
  pem(): string | undefined;
  /** Calls whenever `pem` may have changed. */
  onChange(listener: () => void): void;
}
