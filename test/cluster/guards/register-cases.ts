import {
  apply,
  cannot,
  create,
  type GuardCase,
  type LanyardObject,
  may,
  mayNot,
  PAYMENTS,
  patch,
  SHOP,
} from "./guard-case.ts";
import { shopsVault, targets } from "./world.ts";

const registers = (...audiences: readonly string[]): LanyardObject => ({
  kind: "ProtectedResource",
  metadata: { name: "new", namespace: SHOP },
  spec: { audiences },
});

const own = `https://stock.${SHOP}.svc`;
const foreign = "https://vault.guards.example";
const admin = "the admin of the shop";
const refusal = (audience: string): string => `may not register audience ${audience} in namespace ${SHOP}`;

const ofItsServices = [
  ...[own, `${own}/`, `${own}.cluster.local`, `${own}:8443`, `${own}.cluster.local:8443/api/v1`],
  ...[`http://stock.${SHOP}.svc`, `https://stock-0.stock.${SHOP}.svc`],
];

const ofOthers = [
  `https://stock.${PAYMENTS}.svc`,
  foreign,
  "api://stock",
  `stock.${SHOP}.svc`,
  `spiffe://stock.${SHOP}.svc`,
  `x${own}`,
  // Somebody else's host, with ours in it.
  `https://evil.example/stock.${SHOP}.svc`,
  `${own}.evil.example`,
  `${own}.cluster.local.evil.example`,
  `${own}.cluster.localhost`,
  `${own}x`,
  `https://stock.${PAYMENTS}.svc/stock.${SHOP}.svc`,
  `https://stock.${PAYMENTS}.svc.${SHOP}.svc`,
  `https://stock.not-${SHOP}.svc`,
  // The Service of this name in namespace svc.
  `https://${SHOP}.svc`,
  // What a parser of URLs may take for a user, a password or a port.
  `https://stock.${SHOP}.svc@evil.example`,
  `https://user@stock.${SHOP}.svc`,
  `${own}:443@evil.example`,
  `${own}:@evil.example`,
  `${own}\\@evil.example`,
  `${own}#@evil.example`,
  `${own}?@evil.example`,
  `${own}/%2e%2e@evil.example`,
  `${own}:999999`,
  // The same host to a resolver, another audience to us.
  `${own}.`,
  own.toUpperCase(),
  `https://Stock.${SHOP}.svc`,
  `https://-stock.${SHOP}.svc`,
  `https://.${SHOP}.svc`,
  `https://*.${SHOP}.svc`,
];

const changing: readonly GuardCase[] = [
  may(
    admin,
    "opens a resource with an audience that an administrator gave it",
    patch(targets.vault, { spec: { assignmentRequired: false } }),
  ),
  may(
    admin,
    "takes that audience off it",
    patch(targets.vault, { spec: { audiences: [`https://vault.${SHOP}.svc`] } }),
  ),
  mayNot(
    admin,
    "adds one more",
    patch(targets.vault, { spec: { audiences: [`https://vault.${SHOP}.svc`, foreign, "api://more"] } }),
    refusal("api://more"),
  ),
  mayNot(
    admin,
    "changes a letter of it",
    patch(targets.vault, { spec: { audiences: [`https://vault.${SHOP}.svc`, `${foreign}s`] } }),
    refusal(`${foreign}s`),
  ),
  may("the shop's pipeline", "applies it as it is", apply(shopsVault)),
];

export const registerCases: readonly GuardCase[] = [
  ...ofItsServices.map((audience) => may(admin, `registers ${audience}`, create(registers(audience)))),
  ...ofOthers.map((audience) => mayNot(admin, `registers ${audience}`, create(registers(audience)), refusal(audience))),
  mayNot(admin, "hides an audience behind its own", create(registers(own, foreign)), refusal(foreign)),
  mayNot("an editor of the shop", `registers ${own}`, create(registers(own)), cannot("create", "protectedresources")),
  mayNot(
    "one with every verb on everything in the shop",
    `registers ${foreign}: a name in the whole cluster`,
    create(registers(foreign)),
    refusal(foreign),
  ),
  may("one who writes Lanyard's objects everywhere", `registers ${own}`, create(registers(own))),
  mayNot(
    "one who writes Lanyard's objects everywhere",
    `registers ${foreign}`,
    create(registers(foreign)),
    refusal(foreign),
  ),
  may("a writer who may register", `registers ${foreign}`, create(registers(foreign))),
  may("a cluster administrator", `registers ${foreign}`, create(registers(foreign))),
  ...changing,
];
