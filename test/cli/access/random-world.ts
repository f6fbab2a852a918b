import fc from "fast-check";
import { managedIdentities, roleDefinitions } from "../../../kube/kinds.ts";
import type { World } from "../../support/world.ts";
import { assign } from "./access-world.ts";

export const actions = ["secrets/read", "secrets/write", "secrets/db/read", "queues/send"];
export const audience = "https://vault.payments.svc";
export const targets = [
  ...["/", "/namespaces/shop", "/namespaces/payments", "/namespaces/payments/resources/vault", audience],
  "/namespaces/payments/resources/vault/secrets/db",
];
export const podNames = ["shop/a-1", "shop/b-1"];
const identities = ["shop/a", "shop/b", "payments/a"];

const role = fc.record({
  actions: fc.subarray(["secrets/read", "secrets/*", "secrets/**", "*/read", "queues/send", "**"], { minLength: 1 }),
  notActions: fc.subarray(["secrets/write", "secrets/*/read", "queues/**"]),
});

const place = fc.constantFrom(
  ...[{ scope: "/" }, { scope: "/namespaces/payments" }, { namespace: "payments" }, { namespace: "shop" }],
  { namespace: "payments", resource: "vault" },
  { namespace: "payments", resource: "vault", subresource: "secrets/db" },
);

/** In minutes from now. */
interface Period {
  readonly begins?: number;
  readonly ends?: number;
}
const periods: readonly Period[] = [{}, {}, { begins: -10 }, { begins: 10 }, { ends: -10 }, { begins: -10, ends: 10 }];

const assignment = fc.record({
  who: fc.constantFrom(...identities),
  pinned: fc.constantFrom("current", "current", "current", "earlier"),
  role: fc.constantFrom("r0", "r1", "r2", "missing"),
  place,
  period: fc.constantFrom(...periods),
  condition: fc.constantFrom(
    ...[undefined, undefined, 'pod.namespace == "shop"', `request.audience == "${audience}"`],
    'pod.labels["tier"] == "gold"',
  ),
});

export const arbitraryWorld = fc.record({
  roles: fc.array(role, { minLength: 3, maxLength: 3 }),
  assignments: fc.array(assignment, { maxLength: 8 }),
  disabled: fc.constantFrom(undefined, ...identities),
  squatter: fc.boolean(),
});
export type RandomWorld = typeof arbitraryWorld extends fc.Arbitrary<infer T> ? T : never;

/** Writes it all down as people and the operator would. */
export async function build(world: World, { roles, assignments, disabled, squatter }: RandomWorld): Promise<void> {
  for (const namespace of ["shop", "payments"]) await world.namespace(namespace);
  for (const name of identities) {
    const [, serviceAccount] = name.split("/");
    await world.identity(name, { subjects: [{ serviceAccount }], disabled: name === disabled });
  }
  for (const account of ["a", "b"]) {
    await world.serviceAccount(`shop/${account}`);
    await world.pod(`shop/${account}-1`, { serviceAccount: account });
  }
  await world.resource("payments/vault", audience);
  if (squatter) await world.resource("shop/vault", `${audience}/`);
  for (const [index, { actions: given, notActions }] of roles.entries()) {
    await world.role(`r${index}`, given);
    await world.update(roleDefinitions, `r${index}`, { actions: given, notActions });
  }
  for (const [index, each] of assignments.entries()) await write(world, `assignment-${index}`, each);
}

async function write(world: World, name: string, given: RandomWorld["assignments"][number]): Promise<void> {
  const [namespace = "", identity = ""] = given.who.split("/");
  const { metadata } = await world.api.get(managedIdentities, { namespace, name: identity });
  const { namespace: own, ...place } = { namespace: undefined, ...given.place };
  const at = (inMinutes: number | undefined) =>
    inMinutes === undefined ? undefined : new Date(world.clock.now() + inMinutes * 60_000).toISOString();
  const spec = {
    principal: { managedIdentity: identity, namespace },
    roleDefinition: given.role,
    ...place,
    ...defined({ notBefore: at(given.period.begins), expiresAt: at(given.period.ends), condition: given.condition }),
  };
  const earlier = "3f8a6c1e-52a4-4c11-9d7e-6a2f0c9b1e44";
  const principal = given.pinned === "current" ? metadata.uid : earlier;
  await assign(world, own === undefined ? name : `${own}/${name}`, spec, principal);
}

const defined = (fields: object): object =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
