import type { Waiting } from "../waiting.ts";

/** What came of asking a vault for a secret. */
export type VaultReply =
  | SecretValue
  /** As it was when the tag that was sent along came with it. */
  | { readonly kind: "unchanged" }
  /** A decision, of the vault or of the issuer: this pod must not have it, or it is not there. */
  | { readonly kind: "refused"; readonly reason: Waiting }
  /** No decision: what was decided before stays. */
  | { readonly kind: "unavailable"; readonly reason: Waiting; readonly retryAfterSeconds: number };

export interface SecretValue {
  readonly kind: "value";
  readonly value: string;
  /** The identifier of the version, which never has another value. */
  readonly id: string;
  /** Sent along with the next request for it (RFC 9110 §13.1.2); undefined when the vault gives none. */
  readonly tag: string | undefined;
}

/** Reasons that start in this process; those of vault and issuer have their own codes. */
export const secretFileReasons = {
  SecretFileNotWritten: (file: string, problem: string): Waiting => ({
    code: "SecretFileNotWritten",
    sentence: `File ${file} could not be written: ${problem}.`,
  }),
  SecretNotAsked: (file: string): Waiting => ({
    code: "SecretNotAsked",
    sentence: `The vault has not been asked for file ${file} yet.`,
  }),
  VaultUnavailable: (vaultUrl: string, problem: string): Waiting => ({
    code: "VaultUnavailable",
    sentence: `The vault at ${vaultUrl} cannot be used: ${problem}. It is asked again.`,
  }),
} as const;
