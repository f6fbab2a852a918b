import type { Scope } from "../identity/scope.ts";

/** What can be done in a vault, as roles name it. */
export type SecretAction =
  | "secrets/read"
  | "secrets/list"
  | "secrets/write"
  | "secrets/delete"
  | "secrets/recover"
  | "secrets/purge";

/** The pod that a token was given to. One that is made anew may have its name, but not its UID. */
export interface CallingPod {
  readonly namespace: string;
  readonly name: string;
  readonly uid?: string | undefined;
}

/** Who shows a token, by the token's own verified claims. */
export interface Caller {
  readonly principalId: string;
  /** The audience that the token is for. */
  readonly audience: string;
  /** Resource id of the managed identity. */
  readonly identity?: string | undefined;
  readonly clientId?: string | undefined;
  readonly pod?: CallingPod | undefined;
}

/** The issuer could not be asked, or could not answer: nothing is decided, so nothing is allowed. */
export interface Unavailable {
  readonly kind: "unavailable";
  /** For the log. */
  readonly detail: string;
  /** When the issuer said how long to wait. */
  readonly retryAfterSeconds?: number | undefined;
}

/** What the vault itself finds out of a token: whether the issuer signed it, and whether it has expired. */
export type TokenCheck =
  | { readonly kind: "verified"; readonly caller: Caller }
  | { readonly kind: "invalid" }
  | Unavailable;

export type Decision =
  | { readonly kind: "allowed"; readonly role?: string | undefined; readonly assignment?: string | undefined }
  /** The sentence says what is missing. */
  | { readonly kind: "denied"; readonly code: string; readonly sentence: string }
  /** The token was good when it was signed, and does not stand any more: revoked, or its pod or identity is gone. */
  | { readonly kind: "inactive" }
  | Unavailable;

export interface AccessQuestion {
  readonly caller: Caller;
  readonly action: SecretAction;
  readonly scope: Scope;
  /** The token that the caller showed: the decision is made for it, and only while it stands. */
  readonly token: string;
  readonly traceId: string;
}

/** The issuer decides. The vault itself knows no role and no assignment, and keeps no answer. */
export interface Authority {
  /** Verifies a token by what is known of the issuer, without asking it. */
  verify(token: string): Promise<TokenCheck>;
  decide(question: AccessQuestion): Promise<Decision>;
}
