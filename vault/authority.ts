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

/** Who shows a token: what the issuer says of it now. */
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

export type TokenStanding =
  | { readonly kind: "active"; readonly caller: Caller }
  | { readonly kind: "inactive" }
  | Unavailable;

export type Decision =
  | { readonly kind: "allowed"; readonly role?: string | undefined; readonly assignment?: string | undefined }
  /** The sentence says what is missing. */
  | { readonly kind: "denied"; readonly code: string; readonly sentence: string }
  | Unavailable;

export interface AccessQuestion {
  readonly caller: Caller;
  readonly action: SecretAction;
  readonly scope: Scope;
  /** The token that the caller showed, by which the authority may know more of who asks. */
  readonly token: string;
  readonly traceId: string;
}

/** Who decides: the issuer. The vault itself knows no role and no assignment, and keeps no answer. */
export interface Authority {
  standing(token: string, traceId: string): Promise<TokenStanding>;
  decide(question: AccessQuestion): Promise<Decision>;
}
