import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { z } from "zod";
import { customResources } from "../../identity/custom-resources.ts";
import { property } from "../support/property.ts";
import { type CrdSchema, places, specAndStatus } from "./crd.ts";
import { satisfies } from "./satisfies.ts";

/** Texts of which each is right somewhere and wrong elsewhere. */
const texts = [
  ...["orders", "shop.v2", "Orders", "", "a b", "-", "🪪".repeat(300), "a".repeat(63), "a".repeat(64), "a".repeat(254)],
  ...[
    "secrets/read",
    "queues/*/send",
    "**",
    "a/**/b",
    "view",
    "system:node",
    "/",
    "/namespaces/shop",
    "/namespaces/Shop",
  ],
  ...["1h", "10m", "5m", "25h", "h", "https://a.svc", "https://a.svc/", "//a", "x".repeat(1025), "x".repeat(513)],
  ...["2026-12-01T00:00:00Z", "2026-12-01", "2026-12-01T00:00:00+01:30", "iss", "team", "True", "Ready", "true"],
];
const junk: fc.Arbitrary<unknown> = fc.oneof(fc.constantFrom(null, 7, -1, 0.5, true, [], {}), fc.jsonValue());
const rarely = (value: fc.Arbitrary<unknown>, seldom: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 30, arbitrary: value }, { weight: 1, arbitrary: seldom });

/** Values that are nearly what a schema wants: most of them right, some wrong in one place. */
function nearly(schema: CrdSchema): fc.Arbitrary<unknown> {
  return rarely(rightType(schema), junk);
}

function rightType(schema: CrdSchema): fc.Arbitrary<unknown> {
  switch (schema.type) {
    case "object":
      return nearlyObject(schema);
    case "array":
      return fc.array(nearly(schema.items ?? {}), { maxLength: 3 });
    case "boolean":
      return fc.boolean();
    case "integer":
      return fc.nat();
    default:
      return nearlyText(schema);
  }
}

function nearlyObject({ properties, additionalProperties, required = [] }: CrdSchema): fc.Arbitrary<unknown> {
  if (additionalProperties !== undefined)
    return fc.dictionary(fc.constantFrom(...texts), nearly(additionalProperties), { maxKeys: 3 });
  const fields = Object.fromEntries(Object.entries(properties ?? {}).map(([name, field]) => [name, nearly(field)]));
  const some = fc.record(fields, { requiredKeys: [...required] });
  return fc.oneof({ weight: 9, arbitrary: some }, { weight: 1, arbitrary: fc.record(fields, { requiredKeys: [] }) });
}

function nearlyText(schema: CrdSchema): fc.Arbitrary<unknown> {
  const right = [...(schema.enum ?? []), ...texts].filter((text) => satisfies(schema, text));
  return rarely(fc.constantFrom(...right, ...right, ""), fc.constantFrom(...texts));
}

/** What CEL says, and the JSON schema cannot: the words are the same in the CRD and in zod. A condition is compiled by zod alone. */
function celMessages(schema: CrdSchema): ReadonlySet<string> {
  const rules = places(schema).flatMap(({ schema: { "x-kubernetes-validations": validations = [] } }) => validations);
  return new Set(rules.map(({ message }) => message));
}

/** A law of one schema: zod and the CRD give the same answer to a value. */
function agreement(zod: z.ZodType, schema: CrdSchema): (value: unknown) => boolean {
  const messages = celMessages(schema);
  return (value) => {
    const parsed = zod.safeParse(value);
    const isTaken = satisfies(schema, value);
    if (parsed.success || !isTaken) return parsed.success === isTaken;
    return parsed.error.issues.every((issue) => saidByCel(issue, messages));
  };
}

function saidByCel(issue: z.core.$ZodIssue, messages: ReadonlySet<string>): boolean {
  if (issue.code === "invalid_key" || /^line \d+, column \d+: /.test(issue.message)) return true;
  return [...messages].some((message) => issue.message.startsWith(message));
}

describe("what zod takes, the CRD takes; and the other way round, but for what CEL refuses", () => {
  for (const resource of customResources) {
    const { spec, status } = specAndStatus(resource);
    property(`spec of ${resource.kind}`, [nearly(spec)], agreement(resource.spec, spec));
    property(`status of ${resource.kind}`, [nearly(status)], agreement(resource.status, status));
  }

  test.each([...customResources])("the values tried for $kind are of both sorts", (resource) => {
    const tried = fc.sample(nearly(specAndStatus(resource).spec), { numRuns: 10_000, seed: 1 });
    const right = tried.filter((value) => resource.spec.safeParse(value).success).length;
    expect(right).toBeGreaterThan(20);
    expect(right).toBeLessThan(9980);
  });
});

const principal = { managedIdentity: "orders", namespace: "shop" };
const assignment = { principal, roleDefinition: "reader" };

/** At the edges, where two validators differ first. */
describe("both take and refuse the same", () => {
  test.each<[string, unknown, boolean]>([
    ["ManagedIdentity", {}, true],
    ["ManagedIdentity", { subjects: null }, false],
    ["ManagedIdentity", { disabled: "false" }, false],
    ["ManagedIdentity", { subjects: [{ serviceAccount: "a".repeat(253) }] }, true],
    ["ManagedIdentity", { subjects: [{ serviceAccount: "a".repeat(254) }] }, false],
    ["ManagedIdentity", { subjects: [{ serviceAccount: "a", namespace: "a".repeat(64) }] }, false],
    ["ManagedIdentity", { token: { claims: { a: "🪪".repeat(1024) } } }, true],
    ["ManagedIdentity", { token: { claims: { a: "🪪".repeat(1025) } } }, false],
    ["ManagedIdentity", { token: { lifetime: "1h " } }, false],
    ["RoleDefinition", { actions: ["a\n"] }, false],
    ["RoleDefinition", { actions: ["a".repeat(256)] }, true],
    ["RoleDefinition", { actions: ["a".repeat(257)] }, false],
    ["RoleAssignment", { ...assignment, expiresAt: "2026-12-01T00:00:00Z" }, true],
    ["RoleAssignment", { ...assignment, expiresAt: "2026-12-01t00:00:00z" }, false],
    ["RoleAssignment", { ...assignment, expiresAt: "2026-12-01T00:00Z" }, false],
    ["RoleAssignment", { ...assignment, expiresAt: "2026-02-29T00:00:00Z" }, false],
    ["RoleAssignment", { ...assignment, notBefore: "2026-12-01" }, false],
    ["RoleAssignment", { ...assignment, condition: 'pod.namespace == "shop"' }, true],
    ["RoleAssignment", { ...assignment, condition: "true".padEnd(2048) }, true],
    ["RoleAssignment", { ...assignment, condition: "true".padEnd(2049) }, false],
    ["RoleAssignment", { ...assignment, condition: "" }, false],
    ["RoleAssignment", { principal }, false],
    ["ClusterRoleAssignment", { ...assignment, scope: `/namespaces/${"a".repeat(63)}` }, true],
    ["ClusterRoleAssignment", { ...assignment, scope: `/namespaces/${"a".repeat(64)}` }, false],
    ["ClusterRoleAssignment", { ...assignment, scope: "/namespaces/a/resources/b" }, false],
    ["ClusterRoleAssignment", assignment, false],
    ["ProtectedResource", { audiences: ["a", "a/"] }, true],
    ["ProtectedResource", { audiences: ["a", "a"] }, false],
    ["ProtectedResource", { audiences: [] }, false],
    ["ProtectedResource", { audiences: ["/a"] }, false],
  ])("%s %j: %s", (kind, spec, taken) => {
    const resources = customResources.filter((resource) => resource.kind === kind);
    const answers = resources.map((resource) => [
      resource.spec.safeParse(spec).success,
      satisfies(specAndStatus(resource).spec, spec),
    ]);
    expect(answers).toEqual([[taken, taken]]);
  });
});
