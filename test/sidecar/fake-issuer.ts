import type { Confirmation } from "../../sidecar/confirmation.ts";
import type { IdentityReply, IssuerClient, IssuerReply, NoSuccess } from "../../sidecar/issuer-reply.ts";
import type { Refusal } from "../../sidecar/refusals.ts";
import type { TokenQuery } from "../../sidecar/token.ts";

/** An issuer that says what the test tells it to, and remembers what it was asked. */
export class FakeIssuer implements IssuerClient {
  readonly asked: TokenQuery[] = [];
  readonly confirmed: string[] = [];
  /** What it says of tokens that were given before. */
  confirmation: Confirmation | Promise<Confirmation> = "unchanged";
  /** What it says of the pod's identities. */
  identities: IdentityReply = { kind: "confirmed" };
  identityChecks = 0;
  #answer: (query: TokenQuery) => IssuerReply | Promise<IssuerReply> = () => granted(this.asked.length);

  async requestToken(query: TokenQuery): Promise<IssuerReply> {
    this.asked.push(query);
    return this.#answer(query);
  }

  async confirmToken(jwt: string): Promise<Confirmation> {
    this.confirmed.push(jwt);
    return this.confirmation;
  }

  async checkIdentities(): Promise<IdentityReply> {
    this.identityChecks += 1;
    return this.identities;
  }

  /** From now on answers so. */
  answers(answer: IssuerReply | ((query: TokenQuery) => IssuerReply | Promise<IssuerReply>)): this {
    this.#answer = typeof answer === "function" ? answer : () => answer;
    return this;
  }

  get calls(): number {
    return this.asked.length;
  }
}

export const TRACE_ID = "7d0f3a5e-1c3b-4c2e-9f56-1f7f0f3f5a11";
export const CLIENT_ID = "0b6e5a86-6b5b-5f2a-9d3c-1d2f6c1c9a10";

/** The n-th token. */
export function granted(n: number, expiresInSeconds = 3600): IssuerReply {
  return { kind: "token", jwt: `token-${n}`, clientId: CLIENT_ID, expiresInSeconds };
}

export function refusing(refusal: Partial<Refusal> = {}): NoSuccess {
  return {
    kind: "refused",
    refusal: {
      status: 403,
      error: "access_denied",
      code: "RoleAssignmentRequired",
      sentence: "Managed identity shop/orders has no role on payments/vault: create a RoleAssignment for it there.",
      traceId: TRACE_ID,
      ...refusal,
    },
  };
}

export const unavailable: NoSuccess = { kind: "unavailable", detail: "connection refused" };

export function throttling(retryAfterSeconds: number): NoSuccess {
  return { kind: "throttled", retryAfterSeconds };
}
