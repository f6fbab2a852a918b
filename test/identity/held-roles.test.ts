import { expect, test } from "vitest";
import { type AssignedRole, assignedRole } from "../../identity/assigned-role.ts";
import { HeldRoles } from "../../identity/held-roles.ts";
import { resourceScope, subresourceScope } from "../../identity/scope.ts";
import { roleAssignment } from "./builders.ts";

const vault = resourceScope("payments", "vault");
const password = subresourceScope("payments", "vault", "secrets/db-password");

function assigned(roleDefinition: string): AssignedRole {
  const toPassword = { roleDefinition, resource: "vault", subresource: "secrets/db-password" };
  const role = assignedRole(roleAssignment("6f0c1d2e-3b4a-4c5d-8e6f-7a8b9c0d1e2f", {}, toPassword));
  if (role === undefined) throw new Error("The scope of a test's assignment is none.");
  return role;
}

const traces = (held: HeldRoles) => ({
  roles: [...held.scopesByRole.keys()],
  parts: [...held.partsOf(vault)],
  rolesAtPart: [...held.at(password).keys()],
  isEmpty: held.isEmpty,
});

test("what comes and goes for months leaves no trace, and what stays is found", () => {
  const held = new HeldRoles();
  const [reader, writer] = [assigned("reader"), assigned("writer")];
  held.put("one", reader);
  held.put("two", reader);
  held.put("three", writer);
  held.delete("three", writer);
  held.delete("one", reader);
  const ofReader = { roles: ["reader"], parts: [password], rolesAtPart: ["reader"], isEmpty: false };
  expect(traces(held)).toEqual(ofReader);
  held.delete("two", reader);
  expect(traces(held)).toEqual({ roles: [], parts: [], rolesAtPart: [], isEmpty: true });
});
