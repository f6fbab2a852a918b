import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rolesAllowing } from "../../../cli/access/narrowest-role.ts";
import { builtInRoleDefinitions } from "../../../identity/built-in-roles.ts";
import type { RoleDefinition } from "../../../identity/role-definition.ts";
import { property } from "../../support/property.ts";

const role = (name: string, spec: RoleDefinition["spec"]): RoleDefinition => ({
  apiVersion: "lanyard.dev/v1alpha1",
  kind: "RoleDefinition",
  metadata: { name, uid: name, resourceVersion: "1", creationTimestamp: "2026-11-21T12:00:00Z" },
  spec,
});
const builtIn = builtInRoleDefinitions.map(({ metadata: { name }, spec }) => role(name, spec));
const names = (action: string, roles = builtIn): string[] =>
  rolesAllowing(action, roles).map(({ metadata }) => metadata.name);

describe("the narrowest role that has an action", () => {
  test.each([
    { action: "secrets/read", roles: ["secrets-reader", "secrets-officer", "owner"] },
    { action: "secrets/write", roles: ["secrets-officer", "owner"] },
    { action: "stock/read", roles: ["reader", "contributor", "owner"] },
    { action: "secrets/purge", roles: ["owner"] },
  ])("$action: $roles", ({ action, roles }) => expect(names(action)).toEqual(roles));

  test("is not one that gives something on the Kubernetes API too", () => {
    const roles = [role("both", { actions: ["a/b"], kubernetesRole: "edit" }), role("all", { actions: ["**"] })];
    expect(names("a/b", roles)).toEqual(["all", "both"]);
  });

  property("comes before a role that has all of it and more", [fc.subarray(["a/*", "a/**", "*/b", "c/d"])], (given) => {
    const actions = [...given, "a/b"];
    const roles = [role("a-wider", { actions: [...actions, "z/z"] }), role("b-narrower", { actions })];
    expect(names("a/b", roles)).toEqual(["b-narrower", "a-wider"]);
  });
});
