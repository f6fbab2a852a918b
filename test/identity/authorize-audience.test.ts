import { describe, expect, test } from "vitest";
import { audienceOwners } from "../../identity/audience.ts";
import { type AudienceDecision, type AudienceFacts, authorizeAudience } from "../../identity/authorize-audience.ts";
import type { ProtectedResource } from "../../identity/protected-resource.ts";
import type { AnyRoleAssignment } from "../../identity/role-assignment.ts";
import {
  accessIndex,
  bound,
  inSeconds,
  now,
  protectedResource,
  role,
  roleAssignment,
  userAssigned,
} from "./builders.ts";

const orders = bound(userAssigned());
const audience = "https://vault.payments.svc";
const issuer = "https://issuer.lanyard-system.svc";
const assigned = (spec: Parameters<typeof roleAssignment>[2] = {}): AnyRoleAssignment =>
  roleAssignment(orders.principalId, {}, spec);

interface World {
  readonly identity?: typeof orders;
  readonly resource?: Partial<ProtectedResource["spec"]>;
  readonly assignments?: readonly AnyRoleAssignment[];
  readonly unregistered?: AudienceFacts["unregisteredAudiences"];
  readonly asked?: string;
  readonly suggestible?: readonly string[];
}

function decide({
  identity = orders,
  resource = {},
  assignments = [assigned()],
  unregistered = "refuse",
  asked = audience,
  suggestible = [audience],
}: World): AudienceDecision {
  return authorizeAudience(identity, asked, {
    owners: audienceOwners([protectedResource({}, resource)], ({ spec }) => spec.audiences),
    access: accessIndex(assignments, [role("reader"), role("writer")]),
    unregisteredAudiences: unregistered,
    issuer,
    suggestible: () => suggestible,
    request: { now },
  });
}

const refusal = (decision: AudienceDecision): string =>
  decision.kind === "refused" ? decision.refusal.code : "granted";
const sentence = (decision: AudienceDecision): string => (decision.kind === "refused" ? decision.refusal.sentence : "");

describe("a token for the issuer itself", () => {
  test.each([issuer, `${issuer}/`])("asked for as %s: for any identity, without roles", (asked) => {
    expect(decide({ asked, assignments: [] })).toMatchObject({ kind: "granted", audience: issuer, roles: [] });
  });

  test("has no role of a resource that registers the issuer's URL", () => {
    const decision = decide({ asked: issuer, resource: { audiences: [issuer] } });
    expect(decision).toMatchObject({ kind: "granted", audience: issuer, roles: [] });
  });
});

describe("a token for a registered audience", () => {
  test("with a role there: that role, an hour, RS256", () => {
    expect(decide({})).toEqual({
      kind: "granted",
      audience,
      roles: ["reader"],
      grants: [expect.objectContaining({ scope: "/namespaces/payments" })],
      lifetimeSeconds: 3600,
      algorithm: "RS256",
      tokenType: "at+jwt",
      acceptedClaims: [],
    });
  });

  test("without a role there: refused, with the identity and the scope to assign at", () => {
    const decision = decide({ assignments: [] });
    expect(refusal(decision)).toBe("RoleAssignmentRequired");
    expect(sentence(decision)).toContain("/namespaces/payments/resources/vault");
    expect(sentence(decision)).toContain("/namespaces/shop/managedIdentities/orders");
  });

  test("without a role, where none is required: no roles", () => {
    expect(decide({ assignments: [], resource: { assignmentRequired: false } })).toMatchObject({
      kind: "granted",
      roles: [],
    });
  });

  test("another principal's role does not open the door", () => {
    const other = roleAssignment("b3a1f7d4-9c58-4f39-a1c2-5e7d9f0b2c46");
    expect(refusal(decide({ assignments: [other] }))).toBe("RoleAssignmentRequired");
  });

  test("the resource's own signing algorithm", () => {
    expect(decide({ resource: { signingAlgorithm: "ES256" } })).toMatchObject({ algorithm: "ES256" });
  });

  test("in the spelling that the target registered, whatever slash the client adds", () => {
    expect(decide({ asked: `${audience}/` })).toMatchObject({ kind: "granted", audience });
  });
});

describe("how long a token lives (seconds): the shortest of the identity's, the resource's and what its grants have left", () => {
  const lasting = (lifetime: string): typeof orders =>
    bound(userAssigned({ uid: orders.principalId }, { token: { lifetime } }));

  test.each<[string, World, number]>([
    ["the identity says nothing", {}, 3600],
    ["the identity says 10m", { identity: lasting("10m") }, 600],
    ["the identity says 24h", { identity: lasting("24h") }, 86_400],
    ["the resource allows less", { identity: lasting("24h"), resource: { maxTokenLifetime: "30m" } }, 1800],
    ["the resource allows more", { resource: { maxTokenLifetime: "2h" } }, 3600],
    ["the grant ends before", { assignments: [assigned({ expiresAt: inSeconds(700) })] }, 700],
    ["the grant ends after", { assignments: [assigned({ expiresAt: inSeconds(7200) })] }, 3600],
    ["the grant ends within a second of the end", { assignments: [assigned({ expiresAt: inSeconds(700.9) })] }, 700],
    [
      "the first of two grants ends",
      {
        assignments: [
          assigned({ expiresAt: inSeconds(900) }),
          assigned({ roleDefinition: "writer", expiresAt: inSeconds(800) }),
        ],
      },
      800,
    ],
    ["the grant has the least that a token needs", { assignments: [assigned({ expiresAt: inSeconds(300) })] }, 300],
  ])("%s", (_given, world, lifetimeSeconds) => {
    expect(decide(world)).toMatchObject({ kind: "granted", lifetimeSeconds });
  });

  test("a grant with less than 300 s left is not in a token: the others are", () => {
    const assignments = [assigned({ expiresAt: inSeconds(299.9) }), assigned({ roleDefinition: "writer" })];
    expect(decide({ assignments })).toMatchObject({ roles: ["writer"], lifetimeSeconds: 3600 });
  });

  test("a grant with less than 300 s left does not open the door by itself", () => {
    expect(refusal(decide({ assignments: [assigned({ expiresAt: inSeconds(299.9) })] }))).toBe("RoleAssignmentEnding");
  });
});

describe("a token for an audience that nobody registered", () => {
  const asked = "https://vaultt.payments.svc";

  test("is refused, with the nearest one that is", () => {
    const decision = decide({ asked });
    expect(refusal(decision)).toBe("AudienceNotRegistered");
    expect(sentence(decision)).toContain(`Did you mean "${audience}"?`);
  });

  test("is refused without the name of one that the identity need not know", () => {
    expect(sentence(decide({ asked, suggestible: [] }))).not.toContain("Did you mean");
  });

  test("is given where the install allows it: no roles, the identity's lifetime", () => {
    expect(decide({ asked, unregistered: "allow" })).toEqual({
      kind: "granted",
      audience: asked,
      roles: [],
      grants: [],
      lifetimeSeconds: 3600,
      algorithm: "RS256",
      tokenType: "at+jwt",
      acceptedClaims: [],
    });
  });

  test("a registered one still needs its role there", () => {
    expect(refusal(decide({ unregistered: "allow", assignments: [] }))).toBe("RoleAssignmentRequired");
    expect(refusal(decide({ unregistered: "allow", assignments: [], asked: `${audience}/` }))).toBe(
      "RoleAssignmentRequired",
    );
  });
});

describe("with roles on parts of the resource only", () => {
  const onPart = (spec: Parameters<typeof roleAssignment>[2] = {}): AnyRoleAssignment =>
    assigned({ resource: "vault", subresource: "secrets/a", ...spec });

  test.each<[string, readonly AnyRoleAssignment[], number]>([
    ["one that does not end", [onPart()], 3600],
    ["the last of those that end", [onPart({ expiresAt: inSeconds(700) }), onPart({ expiresAt: inSeconds(900) })], 900],
  ])("a token without roles, for as long as %s", (_given, assignments, lifetimeSeconds) => {
    expect(decide({ assignments })).toMatchObject({ kind: "granted", roles: [], lifetimeSeconds });
  });

  test("beside a role on the whole: that role alone, and its end", () => {
    const whole = assigned({ roleDefinition: "writer", expiresAt: inSeconds(700) });
    expect(decide({ assignments: [onPart(), whole] })).toMatchObject({ roles: ["writer"], lifetimeSeconds: 700 });
  });

  test("no token, when the last ends in less time than a token lives", () => {
    expect(refusal(decide({ assignments: [onPart({ expiresAt: inSeconds(299) })] }))).toBe("RoleAssignmentEnding");
  });

  test("it does not begin before the assignment that it is given for", () => {
    const notBefore = inSeconds(-10);
    const short = onPart({ notBefore: inSeconds(-5), expiresAt: inSeconds(700) });
    const grantedSince = Date.parse(notBefore) / 1000;
    expect(decide({ assignments: [short, onPart({ notBefore })] })).toMatchObject({ kind: "granted", grantedSince });
  });

  test("no token for another resource", () => {
    expect(refusal(decide({ assignments: [onPart({ resource: "vaults" })] }))).toBe("RoleAssignmentRequired");
  });

  test("where no role is required: no roles either, and no end", () => {
    const assignments = [onPart({ expiresAt: inSeconds(700) })];
    const resource = { assignmentRequired: false };
    expect(decide({ assignments, resource })).toMatchObject({ kind: "granted", roles: [], lifetimeSeconds: 3600 });
  });
});
