import { expect, test } from "vitest";
import { builtInRoleDefinitions } from "../../identity/built-in-roles.ts";
import { vaultErrorCodes } from "../../vault/protocol/vault-error.ts";
import { tableRows } from "./markdown.ts";

const page = "docs/reference/vault.md";
const firstColumn = (heading: string): string[] => tableRows(page, heading).map(([cell = ""]) => cell);

test("vault.md has a row for each error code, and none that is gone", () => {
  expect(firstColumn("Errors").sort()).toEqual([...vaultErrorCodes].sort());
});

test("vault.md names roles that there are", () => {
  const roles = builtInRoleDefinitions.map(({ metadata }) => metadata.name);
  expect(firstColumn("Rights").filter((name) => !roles.includes(name))).toEqual([]);
});
