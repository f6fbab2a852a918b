/** Milliseconds throughout. */
export interface Lifetimes {
  /** Of a certificate authority. */
  readonly authority: number;
  /** Of a serving certificate. */
  readonly serving: number;
  /** How long a new authority stands in the trust bundle before it signs: kubelets renew what they mounted in about a minute. */
  readonly announcement: number;
  /** How far the beginning of a certificate lies back, for a reader whose clock is behind. */
  readonly backdating: number;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

export const defaultLifetimes: Lifetimes = {
  authority: 365 * DAY,
  serving: 30 * DAY,
  announcement: 60 * MINUTE,
  backdating: 10 * MINUTE,
};

interface Validity {
  readonly notBefore: number;
  readonly notAfter: number;
}

/** At two thirds of its life: what is left is for whoever must repair a renewal that fails. */
export function renewalTime({ notBefore, notAfter }: Validity): number {
  return notBefore + ((notAfter - notBefore) * 2) / 3;
}
