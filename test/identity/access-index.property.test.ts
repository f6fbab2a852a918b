import fc from "fast-check";
import { describe, expect } from "vitest";
import { AccessIndex, assignmentKey } from "../../identity/access-index.ts";
import { audienceOwners } from "../../identity/audience.ts";
import { authorizeAudience } from "../../identity/authorize-audience.ts";
import { type PrincipalId, principalId } from "../../identity/ids.ts";
import type { RequestFacts } from "../../identity/request-facts.ts";
import type { AnyRoleAssignment } from "../../identity/role-assignment.ts";
import type { RoleDefinition } from "../../identity/role-definition.ts";
import { clusterScope, namespaceScope, resourceScope, type Scope, subresourceScope } from "../../identity/scope.ts";
import { property } from "../support/property.ts";
import {
  type MeantCondition,
  type PlainGrant,
  type PlainWorld,
  plainGrants,
  plainlyAllows,
  plainlyContains,
  plainPlace,
} from "./access-reference.ts";
import {
  bound,
  clusterRoleAssignment,
  inSeconds,
  now,
  protectedResource,
  role,
  roleAssignment,
  userAssigned,
} from "./builders.ts";

const orders = bound(userAssigned({ uid: "6f0c1d2e-3b4a-4c5d-8e6f-7a8b9c0d1e2f" }));
const earlier = principalId("b3a1f7d4-9c58-4f39-a1c2-5e7d9f0b2c46");
const principals = fc.constantFrom<PrincipalId>(orders.principalId, earlier);
const audience = "https://vault.payments.svc";

const namespaces = fc.constantFrom("payments", "shop");
const resources = fc.constantFrom("vault", "queue");
const subresources = fc.constantFrom("secrets/a", "secrets/b", "secrets/a/versions/v1");
const scopes: fc.Arbitrary<Scope> = fc.oneof(
  fc.constant(clusterScope),
  namespaces.map(namespaceScope),
  fc.tuple(namespaces, resources).map(([namespace, resource]) => resourceScope(namespace, resource)),
  fc
    .tuple(namespaces, resources, subresources)
    .map(([namespace, resource, part]) => subresourceScope(namespace, resource, part)),
);

const conditions: readonly MeantCondition[] = [
  { source: "true", isMet: () => true },
  { source: `request.audience == "${audience}"`, isMet: (facts) => facts.audience === audience },
  { source: 'pod.namespace == "shop"', isMet: ({ pod }) => pod?.namespace === "shop" },
  { source: 'pod.labels["tier"] == "gold"', isMet: ({ pod }) => pod?.labels.tier === "gold" },
  { source: "nonsense(", isMet: () => false },
];

const roleNames = fc.constantFrom("reader", "writer", "all", "view", "late");
const actionLists = fc.subarray(["secrets/read", "secrets/*", "*/read", "queues/**", "**", "secrets/write"]);
const roles: fc.Arbitrary<RoleDefinition> = fc
  .record({ name: roleNames, actions: actionLists, notActions: actionLists })
  .map(({ name, actions, notActions }) => role(name, { actions, notActions, kubernetesRole: "view" }));

const times = fc.constantFrom(undefined, -60, 0, 1, 299, 300, 3600);
const limits = fc.record({
  roleDefinition: roleNames,
  notBefore: times,
  expiresAt: times,
  condition: fc.option(fc.constantFrom(...conditions.map(({ source }) => source)), { nil: undefined, freq: 2 }),
});
type Limits = Parameters<Parameters<typeof limits.map>[0]>[0];

const specOf = ({ roleDefinition, notBefore, expiresAt, condition }: Limits) => ({
  roleDefinition,
  ...(notBefore === undefined ? {} : { notBefore: inSeconds(notBefore) }),
  ...(expiresAt === undefined ? {} : { expiresAt: inSeconds(expiresAt) }),
  ...(condition === undefined ? {} : { condition }),
});

/** Few names, so that an assignment is often replaced by another principal's, another role's or another place's. */
const names = fc.constantFrom("a", "b", "c");
const place = fc.oneof(
  fc.record({ resource: resources, subresource: subresources }),
  fc.record({ resource: resources }),
  fc.constant({}),
);
const pins = fc.option(principals, { nil: undefined, freq: 5 });
const namespaced: fc.Arbitrary<AnyRoleAssignment> = fc
  .record({ name: names, namespace: namespaces, place, pin: pins, limits, isDeleting: fc.boolean() })
  .map(({ name, namespace, place, pin, limits, isDeleting }) => {
    const deletion = isDeleting ? { deletionTimestamp: inSeconds(-1) } : {};
    return roleAssignment(pin, { name, namespace, ...deletion }, { ...specOf(limits), ...place });
  });
const clusterWide: fc.Arbitrary<AnyRoleAssignment> = fc
  .record({ name: names, pin: principals, limits, scope: fc.constantFrom("/", "/namespaces/shop", "/nowhere") })
  .map(({ name, pin, limits, scope }) => {
    const assignment = clusterRoleAssignment(pin, scope, specOf(limits));
    return { ...assignment, metadata: { ...assignment.metadata, name } };
  });
const assignments = fc.oneof({ weight: 4, arbitrary: namespaced }, { weight: 1, arbitrary: clusterWide });

type Event =
  | { readonly kind: "putAssignment"; readonly assignment: AnyRoleAssignment }
  | { readonly kind: "deleteAssignment"; readonly key: string }
  | { readonly kind: "putRole"; readonly role: RoleDefinition }
  | { readonly kind: "deleteRole"; readonly name: string };

const history: fc.Arbitrary<readonly Event[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: assignments.map((assignment): Event => ({ kind: "putAssignment", assignment })) },
    { weight: 4, arbitrary: roles.map((role): Event => ({ kind: "putRole", role })) },
    {
      weight: 1,
      arbitrary: assignments.map((gone): Event => ({ kind: "deleteAssignment", key: assignmentKey(gone) })),
    },
    { weight: 1, arbitrary: roleNames.map((name): Event => ({ kind: "deleteRole", name })) },
  ),
  { maxLength: 20 },
);

const facts: fc.Arbitrary<RequestFacts> = fc.record({
  now: fc.constantFrom(now, now + 1000),
  audience: fc.constantFrom(undefined, audience),
  pod: fc.option(
    fc.record({ namespace: namespaces, labels: fc.constantFrom({}, { tier: "gold" }) }).map((pod) => ({
      ...pod,
      name: "orders-1",
      serviceAccount: "orders",
    })),
    { nil: undefined },
  ),
});

interface Question {
  readonly principal: PrincipalId;
  readonly scope: Scope;
  readonly action: string;
  readonly facts: RequestFacts;
}
const questions: fc.Arbitrary<Question> = fc.record({
  principal: principals,
  scope: scopes,
  action: fc.constantFrom("secrets/read", "secrets/write", "secrets/a/read", "queues/a/b/send", "read"),
  facts,
});

/** The same history told to the index, which may be asked after each event, and to the plain world. */
function live(
  events: readonly Event[],
  ask: (index: AccessIndex) => void = () => {},
): { readonly index: AccessIndex; readonly world: PlainWorld } {
  const index = new AccessIndex();
  const held = new Map<string, AnyRoleAssignment>();
  const roles = new Map<string, RoleDefinition>();
  for (const event of events) {
    switch (event.kind) {
      case "putAssignment":
        index.putAssignment(event.assignment);
        held.set(assignmentKey(event.assignment), event.assignment);
        break;
      case "deleteAssignment":
        index.deleteAssignment(event.key);
        held.delete(event.key);
        break;
      case "putRole":
        index.putRole(event.role);
        roles.set(event.role.metadata.name, event.role);
        break;
      case "deleteRole":
        index.deleteRole(event.name);
        roles.delete(event.name);
    }
    ask(index);
  }
  return { index, world: { assignments: held, roles, conditions } };
}

const keys = (assignments: readonly AnyRoleAssignment[]): string[] => assignments.map(assignmentKey).sort();
const at = (grants: readonly PlainGrant[], scope: string): PlainGrant[] =>
  grants.filter(
    ({ assignment }) => plainPlace(assignment) !== "/nowhere" && plainlyContains(plainPlace(assignment), scope),
  );
const below = (grants: readonly PlainGrant[], scope: string): PlainGrant[] =>
  grants.filter(({ assignment }) => plainPlace(assignment).startsWith(`${scope}/`));

describe("after any history of assignments and roles, in any order", () => {
  property(
    "the grants at a scope are those of the plain rules",
    [history, questions],
    (events, { principal, scope, facts }) => {
      const { index, world } = live(events);
      const expected = at(plainGrants(world, principal, facts), scope);
      const grants = index.grantsAt(principal, scope, facts);
      expect(keys(grants.map(({ assignment }) => assignment))).toEqual(
        keys(expected.map(({ assignment }) => assignment)),
      );
      for (const grant of grants) expect(grant.role).toBe(world.roles.get(grant.assignment.spec.roleDefinition));
    },
  );

  property(
    "an action is allowed by one of the grants that allow it by the plain rules, or by none when there is none",
    [history, questions],
    (events, { principal, scope, action, facts }) => {
      const question = { principal, scope, action };
      const { index, world } = live(events, (index) => void index.decide(question, facts));
      const allowing = at(plainGrants(world, principal, facts), scope).filter(({ role }) =>
        plainlyAllows(role, action),
      );
      const decision = index.decide(question, facts);
      if (decision.kind === "denied") expect(allowing).toEqual([]);
      else expect(allowing.map(({ key }) => key)).toContain(assignmentKey(decision.grant.assignment));
    },
  );

  property(
    "the roles of a token, and whether there is one, are those of the plain rules",
    [history, facts],
    (events, facts) => {
      const { index, world } = live(events);
      const vault = protectedResource();
      const request = { ...facts, audience };
      const lasting = plainGrants(world, orders.principalId, request).filter(({ assignment }) => {
        const { expiresAt } = assignment.spec;
        return expiresAt === undefined || new Date(expiresAt).getTime() - facts.now >= 300_000;
      });
      const scope = "/namespaces/payments/resources/vault";
      const roles = [...new Set(at(lasting, scope).map(({ role }) => role.metadata.name))].sort();
      const isOpen = roles.length > 0 || below(lasting, scope).length > 0;
      const decision = authorizeAudience(orders, audience, {
        ...{
          access: index,
          request: facts,
          owners: audienceOwners([vault], ({ spec }) => spec.audiences),
          unregisteredAudiences: "refuse",
        },
        issuer: "https://issuer.example",
        suggestible: () => [],
      });
      expect(decision.kind).toBe(isOpen ? "granted" : "refused");
      if (decision.kind === "granted") expect(decision.roles).toEqual(roles);
    },
  );

  property(
    "a denial names no assignment but the principal's own, or one that names its identity, and says what is so",
    [history, questions],
    (events, { scope, action, facts }) => {
      const { index, world } = live(events);
      const { identity, principalId: principal } = orders;
      const question = { principal, scope, action, explain: { identity, within: namespaceScope("payments") } };
      const decision = index.decide(question, facts);
      const miss = decision.kind === "denied" ? decision.nearestMiss : undefined;
      if (miss === undefined) return;
      const { assignment, kind } = miss;
      expect(world.assignments.get(assignmentKey(assignment))).toBe(assignment);
      const isOwn = assignment.status?.principalId === principal;
      expect(isOwn).toBe(kind !== "principalReplaced" && kind !== "principalPending");
      expect(plainlyContains(plainPlace(assignment), scope)).toBe(kind !== "otherScope");
      if (kind === "otherScope") expect(plainPlace(assignment)).toMatch(/^\/namespaces\/payments/);
    },
  );
});
