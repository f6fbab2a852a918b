/** What the test and the vault clients say to each other: one of these a line of JSON. */
export interface SecretRequest {
  readonly operation:
    | "set"
    | "get"
    | "update"
    | "list"
    | "versions"
    | "delete"
    | "getDeleted"
    | "listDeleted"
    | "recover"
    | "purge";
  readonly name?: string;
  readonly version?: string;
  readonly value?: string;
  readonly contentType?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly enabled?: boolean;
  /** Seconds since the epoch. */
  readonly expires?: number;
  readonly pageSize?: number;
  /** With the client's own check of the challenge, which is off otherwise. */
  readonly checksChallenge?: boolean;
}

/** A secret as its SDK shows it; what it does not show is left out. */
export interface SeenSecret {
  readonly name: string;
  readonly version?: string;
  readonly value?: string;
  readonly contentType?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly enabled?: boolean;
  readonly expires?: number;
  readonly recoverableDays?: number;
  readonly recoveryId?: string;
}

export type SecretOutcome =
  | { readonly secret: SeenSecret }
  /** All pages of a list. */
  | { readonly secrets: readonly SeenSecret[] }
  | { readonly done: true }
  | { readonly error: { readonly status?: number; readonly code?: string; readonly message: string } };
