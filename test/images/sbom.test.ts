import { describe, expect, test } from "vitest";
import { type Component, sbomOf } from "../../images/sbom.ts";

const lanyard: Component = { type: "application", name: "lanyard", version: "1.2.3", license: "Apache-2.0" };
const jose: Component = { type: "library", name: "jose", version: "6.0.0", license: "MIT" };
const x509: Component = { type: "library", name: "@peculiar/x509", version: "2.0.0", license: "MIT" };
const unlicensed: Component = { type: "library", name: "old", version: "0.1.0", license: undefined };

describe("the bill of materials", () => {
  const bom = JSON.parse(sbomOf(lanyard, [jose, x509, unlicensed]));

  test("is CycloneDX, about the program", () => {
    expect(bom).toMatchObject({
      bomFormat: "CycloneDX",
      specVersion: "1.6",
      metadata: { component: { name: "lanyard", version: "1.2.3", licenses: [{ expression: "Apache-2.0" }] } },
    });
  });

  test("lists each part by its package URL, a scope's @ escaped", () => {
    expect(bom.components.map(({ purl }: { readonly purl: string }) => purl)).toEqual([
      "pkg:npm/%40peculiar/x509@2.0.0",
      "pkg:npm/jose@6.0.0",
      "pkg:npm/old@0.1.0",
    ]);
    expect(bom.dependencies).toEqual([
      { ref: "pkg:npm/lanyard@1.2.3", dependsOn: bom.components.map((part: { readonly purl: string }) => part.purl) },
    ]);
  });

  test("says nothing of a licence that the package does not name", () => {
    expect(bom.components[2]).not.toHaveProperty("licenses");
  });

  test("is the same for the same parts in another order", () => {
    expect(sbomOf(lanyard, [unlicensed, x509, jose])).toBe(sbomOf(lanyard, [jose, x509, unlicensed]));
  });
});
