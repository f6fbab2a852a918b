import type { Refusal } from "../../identity/reasons.ts";
import type { IdentitySelector } from "../../identity/select-identity.ts";

/** What a token request asks for, whichever grant it came by. */
export interface TokenRequest {
  readonly grantType: "token-exchange" | "client_credentials";
  readonly subjectToken: string;
  readonly audience: string;
  readonly selector: IdentitySelector;
}

export type ParsedTokenRequest =
  | { readonly kind: "parsed"; readonly request: TokenRequest }
  | { readonly kind: "refused"; readonly refusal: Refusal };
