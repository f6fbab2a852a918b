import { describe, expect, test } from "vitest";
import { segmentsOf } from "../../identity/action-set.ts";
import { builtInRoleDefinitions } from "../../identity/built-in-roles.ts";
import { compileRole } from "../../identity/compiled-role.ts";
import { validateObject } from "../../identity/validate.ts";
import { role } from "./builders.ts";

const allows = (name: string, action: string): boolean => {
  const definition = builtInRoleDefinitions.find(({ metadata }) => metadata.name === name);
  return definition !== undefined && compileRole(role(name, definition.spec)).allows(segmentsOf(action));
};

describe("what a built-in role allows", () => {
  const roles = [
    "reader",
    "contributor",
    "owner",
    "secrets-reader",
    "secrets-officer",
    "kubernetes-view",
    "kubernetes-edit",
  ];

  test("these are all", () => expect(builtInRoleDefinitions.map(({ metadata }) => metadata.name)).toEqual(roles));

  test.each([
    ["queues/read", ["reader", "contributor", "owner"]],
    ["queues/list", ["reader", "contributor", "owner"]],
    ["queues/orders/read", ["reader", "contributor", "owner"]],
    ["queues/orders/messages/read", ["reader", "contributor", "owner"]],
    ["queues/send", ["contributor", "owner"]],
    ["queues/orders/delete", ["contributor", "owner"]],
    ["read", ["contributor", "owner"]],
    ["secrets/list", ["owner", "secrets-reader", "secrets-officer"]],
    ["secrets/read", ["owner", "secrets-reader", "secrets-officer"]],
    ["secrets/card-key/read", ["owner", "secrets-reader"]],
    ["secrets/card-key/versions/read", ["owner"]],
    ["secrets/write", ["owner", "secrets-officer"]],
    ["secrets/delete", ["owner", "secrets-officer"]],
    ["secrets/recover", ["owner", "secrets-officer"]],
    ["secrets/purge", ["owner"]],
    ["secrets/card-key/delete", ["owner"]],
    ["secretsmanager/read", ["reader", "contributor", "owner"]],
  ])("%s: %j", (action, allowed) => {
    expect(roles.filter((name) => allows(name, action))).toEqual(allowed);
  });

  test.each([
    ["kubernetes-view", "view"],
    ["kubernetes-edit", "edit"],
  ])("%s binds the ClusterRole %s", (name, kubernetesRole) => {
    expect(builtInRoleDefinitions.find(({ metadata }) => metadata.name === name)?.spec).toMatchObject({
      kubernetesRole,
    });
  });
});

test.each(builtInRoleDefinitions)("$metadata.name is a valid object with a description", (definition) => {
  expect(validateObject("RoleDefinition", definition)).toMatchObject({ kind: "valid" });
  expect(definition.spec.description).toMatch(/^[A-Z].+\.$/);
});
