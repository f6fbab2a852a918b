import type { ManagedIdentity } from "../../identity/managed-identity.ts";
import type { IssuerSettings } from "../../issuer/settings.ts";
import type { Pod, ServiceAccount } from "../../kube/core-objects.ts";
import type { Kind } from "../../kube/kind.ts";
import { allKinds } from "../../kube/kinds.ts";
import { type IssuerWorld, issuerWorld } from "./issuer-world.ts";
import { jsonBody } from "./json-body.ts";

export const VAULT = "https://payments-vault.payments.svc";
export const VAULT_SCOPE = "/namespaces/payments/resources/payments-vault";

export interface Shop extends IssuerWorld {
  readonly account: ServiceAccount;
  readonly pod: Pod;
  readonly identity: ManagedIdentity;
  readonly subjectToken: string;
  /** Exchanges a subject token (that of the pod, unless given) for a token for the vault; `more` adds or replaces parameters. */
  readonly exchange: (more?: Record<string, string>) => Promise<Response>;
  /** An access token of the identity: for the vault, unless another audience is given. */
  readonly accessToken: (audience?: string) => Promise<string>;
}

/** An issuer, and pod `shop/orders-1` whose identity `shop/orders` may read the secrets of the vault. */
export async function shop(settings: Partial<IssuerSettings> = {}, kinds: readonly Kind[] = allKinds): Promise<Shop> {
  const it = await issuerWorld(settings, undefined, kinds);
  const { world } = it;
  for (const namespace of ["shop", "payments"]) await world.namespace(namespace);
  const account = await world.serviceAccount("shop/orders");
  const pod = await world.pod("shop/orders-1", { serviceAccount: "orders" });
  const identity = await world.identity("shop/orders", { subjects: [{ serviceAccount: "orders" }] });
  await world.resource("payments/payments-vault", VAULT);
  await world.role("secrets-reader");
  const assignment = { to: "shop/orders", role: "secrets-reader", resource: "payments-vault" };
  await world.assignment("payments/orders-reads", assignment);
  const subjectToken = await it.tokens.mintPodToken(pod, account);
  const exchange = (more: Record<string, string> = {}): Promise<Response> =>
    it.post("/oauth2/token", { ...tokenExchangeForm(subjectToken), ...more });
  return {
    ...it,
    ...{ account, pod, identity, subjectToken, exchange },
    async accessToken(audience = VAULT) {
      return (await jsonBody(exchange({ audience }))).access_token;
    },
  };
}

export function tokenExchangeForm(subjectToken: string): Record<string, string> {
  return {
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    subject_token: subjectToken,
    subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
    audience: VAULT,
  };
}

export function clientCredentialsForm(assertion: string, clientId: string): Record<string, string> {
  return {
    grant_type: "client_credentials",
    client_id: clientId,
    scope: `${VAULT}/.default`,
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: assertion,
  };
}
