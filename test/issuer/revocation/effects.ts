import { managedIdentities, pods, roleAssignments } from "../../../kube/kinds.ts";
import { claimsOf } from "../../support/claims-of.ts";
import type { Shop } from "../../support/shop.ts";

/** The ways in which a token that pod shop/orders-1 holds is taken back. */
export interface Effect {
  readonly name: string;
  readonly take: (it: Shop, token: string) => Promise<unknown>;
  /** Whether the pod may have a new token at once: it was the tokens that were revoked, and not the access. */
  readonly newToken: "good" | "refused";
  /** Whether a token for the issuer itself is taken back too: it is given for no role. */
  readonly endsIdentity: boolean;
}

const subjects = [{ serviceAccount: "orders" }];

export const effects: readonly Effect[] = [
  {
    name: "the role assignment is deleted",
    take: ({ world }) => world.delete(roleAssignments, "payments/orders-reads"),
    newToken: "refused",
    endsIdentity: false,
  },
  {
    name: "the identity is disabled",
    take: ({ world }) =>
      world.update(managedIdentities, "shop/orders", { type: "UserAssigned", subjects, disabled: true }),
    newToken: "refused",
    endsIdentity: true,
  },
  {
    name: "the identity is deleted",
    take: ({ world }) => world.delete(managedIdentities, "shop/orders"),
    newToken: "refused",
    endsIdentity: true,
  },
  {
    name: "the pod is deleted",
    take: ({ world }) => world.delete(pods, "shop/orders-1"),
    newToken: "refused",
    endsIdentity: true,
  },
  {
    name: "the identity's tokens are revoked",
    take: ({ world }) => world.revocation("shop/leaked", { managedIdentity: "orders" }),
    newToken: "good",
    endsIdentity: true,
  },
  {
    name: "the pod's tokens are revoked",
    take: ({ world }) => world.revocation("shop/leaked", { pod: { name: "orders-1" } }),
    newToken: "good",
    endsIdentity: true,
  },
  {
    name: "the token is revoked by its id",
    take: ({ world }, token) => world.revocation("shop/leaked", { tokenId: claimsOf(token).jti }),
    newToken: "good",
    endsIdentity: true,
  },
];
