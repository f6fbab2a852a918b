import {
  cannot,
  create,
  type GuardCase,
  type LanyardObject,
  may,
  mayNot,
  PAYMENTS,
  remove,
  SHOP,
} from "./guard-case.ts";
import { targets } from "./world.ts";

const revokes = (namespace: string): LanyardObject => ({
  kind: "TokenRevocation",
  metadata: { name: "new", namespace },
  spec: { managedIdentity: "orders" },
});

export const revocationCases: readonly GuardCase[] = [
  may("an editor of the shop", "revokes the tokens of an identity", create(revokes(SHOP))),
  mayNot(
    "an editor of the shop",
    "revokes tokens of payments",
    create(revokes(PAYMENTS)),
    cannot("create", "tokenrevocations"),
  ),
  mayNot("a viewer of the shop", "revokes tokens", create(revokes(SHOP)), cannot("create", "tokenrevocations")),
  mayNot(
    "an editor of the shop",
    "takes a revocation back",
    remove(targets.revocation),
    cannot("delete", "tokenrevocations"),
  ),
  may("the admin of the shop", "takes a revocation back", remove(targets.revocation)),
];
