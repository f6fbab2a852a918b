import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { customResources } from "../../identity/custom-resources.ts";
import { immutableChanges, type Problem, validateObject } from "../../identity/validate.ts";
import { property } from "../support/property.ts";

const manifest = (kind: string, spec: unknown, metadata: object = {}): Record<string, unknown> => ({
  apiVersion: "lanyard.dev/v1alpha1",
  kind,
  metadata: { name: "orders", ...metadata },
  spec,
});

/** Problems as a person would read them: `spec.subjects.0.serviceAccount: is required`. */
function problems(kind: string, object: unknown): string[] {
  const validation = validateObject(kind, object);
  return validation.kind === "valid" ? [] : validation.problems.map(inOneLine);
}
const inOneLine = ({ path, message }: Problem): string => `${path.join(".")}: ${message}`;

describe("an object that is right", () => {
  test("comes back with its defaults, and all else as it was written", () => {
    const object = manifest(
      "ManagedIdentity",
      { token: {} },
      { namespace: "shop", labels: { a: "b" }, finalizers: ["x"] },
    );
    expect(validateObject("ManagedIdentity", object)).toEqual({
      kind: "valid",
      object: { ...object, spec: { type: "UserAssigned", disabled: false, token: { lifetime: "1h" } } },
    });
  });

  test("may have what kubectl get -o yaml adds", () => {
    const metadata = { uid: "x", resourceVersion: "1", generation: 1, creationTimestamp: null, managedFields: [] };
    expect(
      problems("ManagedIdentity", { ...manifest("ManagedIdentity", {}, metadata), status: { anything: 1 } }),
    ).toEqual([]);
  });
});

describe("an unknown field", () => {
  test.each<[object, string]>([
    [manifest("ManagedIdentity", { subjcts: [] }), 'spec.subjcts: unknown field. Did you mean "subjects"?'],
    [
      manifest("ManagedIdentity", { subjects: [{ serviceAccount: "a", nmespace: "b" }] }),
      'spec.subjects.0.nmespace: unknown field. Did you mean "namespace"?',
    ],
    [
      manifest("ManagedIdentity", { token: { ttl: "1h" } }),
      "spec.token.ttl: unknown field. Known here: lifetime, claims",
    ],
    [manifest("ManagedIdentity", {}, { lables: {} }), 'metadata.lables: unknown field. Did you mean "labels"?'],
    [{ ...manifest("ManagedIdentity", {}), sepc: {} }, 'sepc: unknown field. Did you mean "spec"?'],
  ])("%j", (object, problem) => expect(problems("ManagedIdentity", object)).toEqual([problem]));
});

describe("a wrong value", () => {
  const name = 'expected a name of lower-case letters, digits, "-" and ".", such as "orders"; got';
  test.each<[string, object, string]>([
    [
      "another case",
      manifest("ManagedIdentity", { type: "userassigned" }),
      'spec.type: expected one of "UserAssigned", "SystemAssigned"; got "userassigned". Did you mean "UserAssigned"?',
    ],
    [
      "no choice near",
      manifest("ManagedIdentity", { type: "Shared" }),
      'spec.type: expected one of "UserAssigned", "SystemAssigned"; got "Shared"',
    ],
    [
      "a number for a choice",
      manifest("ManagedIdentity", { type: 1 }),
      'spec.type: expected one of "UserAssigned", "SystemAssigned"; got a number',
    ],
    [
      "text for a boolean",
      manifest("ManagedIdentity", { disabled: "no" }),
      "spec.disabled: expected true or false, got a string",
    ],
    [
      "an object for a list",
      manifest("ManagedIdentity", { subjects: {} }),
      "spec.subjects: expected a list, got an object",
    ],
    [
      "a key with nothing after it",
      manifest("ManagedIdentity", { token: null }),
      "spec.token: expected an object, got nothing (null)",
    ],
    [
      "a field left out",
      manifest("ManagedIdentity", { subjects: [{}] }),
      "spec.subjects.0.serviceAccount: is required",
    ],
    ["no spec", manifest("ManagedIdentity", undefined), "spec: is required"],
    ["a name that is none", manifest("ManagedIdentity", {}, { name: "Orders" }), `metadata.name: ${name} "Orders"`],
    [
      "a label that YAML reads as a boolean",
      manifest("ManagedIdentity", {}, { labels: { a: true } }),
      "metadata.labels.a: expected a string, got a boolean: put it in quotes",
    ],
    [
      "another version",
      { ...manifest("ManagedIdentity", {}), apiVersion: "lanyard.dev/v1" },
      'apiVersion: expected "lanyard.dev/v1alpha1"; got "lanyard.dev/v1"',
    ],
    [
      "no version",
      { ...manifest("ManagedIdentity", {}), apiVersion: undefined },
      'apiVersion: is required: "lanyard.dev/v1alpha1"',
    ],
    [
      "too long a value, shown cut",
      manifest("ManagedIdentity", { subjects: [{ serviceAccount: `A${"a".repeat(200)}` }] }),
      `spec.subjects.0.serviceAccount: ${name} "A${"a".repeat(79)}…"`,
    ],
  ])("%s", (_given, object, problem) => expect(problems("ManagedIdentity", object)).toEqual([problem]));

  test("every problem of an object is told at once", () => {
    expect(
      problems("ManagedIdentity", manifest("ManagedIdentity", { disabled: 1, typ: 1, subjects: 2 }, { name: "" })),
    ).toHaveLength(4);
  });

  test("a cluster-scoped kind has no namespace", () => {
    const object = manifest("RoleDefinition", { actions: ["a"] }, { namespace: "shop" });
    expect(problems("RoleDefinition", object)).toEqual([
      "metadata.namespace: this kind belongs to no namespace: remove this field",
    ]);
  });

  test("a kind that is none of ours", () => {
    expect(problems("RoleAssigment", {})).toEqual([
      'kind: expected one of ManagedIdentity, RoleDefinition, RoleAssignment, ClusterRoleAssignment, ProtectedResource, TokenRevocation; got "RoleAssigment". Did you mean "RoleAssignment"?',
    ]);
  });
});

describe("what cannot change", () => {
  const principal = { managedIdentity: "orders", namespace: "shop" };
  const assignment = { principal, roleDefinition: "reader", resource: "vault" };
  const { resource: _none, ...forNamespace } = assignment;

  test.each<[string, { kind: string; before: object; after: object }, string[]]>([
    [
      "the type",
      { kind: "ManagedIdentity", before: { type: "UserAssigned" }, after: { type: "SystemAssigned" } },
      ["type"],
    ],
    [
      "the workload",
      { kind: "ManagedIdentity", before: { workload: { uid: "a" } }, after: { workload: { uid: "b" } } },
      ["workload"],
    ],
    [
      "the workload, taken away",
      { kind: "ManagedIdentity", before: { workload: { uid: "a" } }, after: {} },
      ["workload"],
    ],
    ["subjects may", { kind: "ManagedIdentity", before: { subjects: [] }, after: { disabled: true } }, []],
    [
      "the principal",
      {
        kind: "RoleAssignment",
        before: assignment,
        after: { ...assignment, principal: { ...principal, namespace: "evil" } },
      },
      ["principal"],
    ],
    [
      "the role",
      { kind: "RoleAssignment", before: assignment, after: { ...assignment, roleDefinition: "owner" } },
      ["roleDefinition"],
    ],
    [
      "the resource",
      { kind: "RoleAssignment", before: assignment, after: { ...assignment, resource: "other" } },
      ["resource"],
    ],
    [
      "the resource, taken away: the grant would be for the whole namespace",
      { kind: "RoleAssignment", before: assignment, after: forNamespace },
      ["resource"],
    ],
    ["the resource, added", { kind: "RoleAssignment", before: forNamespace, after: assignment }, ["resource"]],
    [
      "the order of fields may",
      {
        kind: "RoleAssignment",
        before: assignment,
        after: { ...assignment, principal: { namespace: "shop", managedIdentity: "orders" } },
      },
      [],
    ],
    [
      "the end may",
      { kind: "RoleAssignment", before: assignment, after: { ...assignment, expiresAt: "2026-12-01T00:00:00Z" } },
      [],
    ],
    [
      "the scope",
      { kind: "ClusterRoleAssignment", before: { scope: "/namespaces/a" }, after: { scope: "/" } },
      ["scope"],
    ],
    ["a role's actions may", { kind: "RoleDefinition", before: { actions: ["a"] }, after: { actions: ["b"] } }, []],
    ["of another kind, nothing is known", { kind: "Pod", before: { a: 1 }, after: { a: 2 } }, []],
  ])("%s", (_what, { kind, before, after }, fields) => {
    const messages = immutableChanges(kind, { spec: before }, { spec: after }).map(inOneLine);
    expect(messages).toEqual(
      fields.map((field) => `spec.${field}: ${field} is immutable: delete this object and create another`),
    );
  });
});

const kinds = fc.constantFrom(...customResources.map(({ kind }) => kind), "Nothing", "__proto__");
const objects = fc.oneof(
  fc.anything(),
  fc.jsonValue(),
  fc.record({
    apiVersion: fc.constant("lanyard.dev/v1alpha1"),
    kind: kinds,
    metadata: fc.oneof(fc.jsonValue(), fc.constant({ name: "a" })),
    spec: fc.oneof(fc.jsonValue(), fc.anything()),
  }),
);
property("no input makes validation throw, and a refusal always says why", [kinds, objects], (kind, object) => {
  const validation = validateObject(kind, object);
  return (
    validation.kind === "valid" ||
    (validation.problems.length > 0 && validation.problems.every(({ message }) => message !== ""))
  );
});
property("no input makes the comparison throw, and nothing differs from itself", [kinds, objects], (kind, object) => {
  return immutableChanges(kind, object, object).length === 0;
});
