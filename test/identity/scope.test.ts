import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  clusterScope,
  enclosingScopes,
  namespaceScope,
  parseScope,
  resourceOf,
  resourceScope,
  type Scope,
  scopeContains,
  subresourceScope,
} from "../../identity/scope.ts";
import { property } from "../support/property.ts";

describe("parseScope", () => {
  test.each([
    "/",
    "/namespaces/shop",
    "/namespaces/shop/resources/vault",
    "/namespaces/a-1/resources/v.w-2",
    "/namespaces/resources/resources/namespaces",
    "/namespaces/shop/resources/vault/secrets/db-password",
    "/namespaces/shop/resources/vault/secrets/db.password/versions/v1",
  ])("%s is a scope", (text) => expect(parseScope(text)).toBe(text));

  test.each([
    ["", "empty"],
    ["//", "an empty segment"],
    ["namespaces/shop", "no slash in front"],
    ["/namespaces", "no name"],
    ["/namespaces/", "an empty name"],
    ["/namespaces/shop/", "a slash at the end"],
    ["/namespaces//shop", "a double slash"],
    ["/namespaces/shop/..", "a way up"],
    ["/namespaces/../", "a way up for a name"],
    ["/namespaces/Shop", "upper case"],
    ["/Namespaces/shop", "upper case in a fixed word"],
    ["/namespaces/ѕhop", "a Cyrillic letter that looks Latin"],
    ["/namespaces/shop%2Fresources", "an escape"],
    ["/namespaces/shop\n", "a line break at the end"],
    [" /namespaces/shop", "a space in front"],
    ["/namespaces/shop/resources", "no resource name"],
    ["/namespaces/shop/resources/", "an empty resource name"],
    ["/namespaces/shop/resources/vault/", "a slash after the resource"],
    ["/namespaces/shop/resources/vault/more", "a segment too many"],
    ["/namespaces/shop/secrets/vault", "another word than resources"],
    ["/namespaces/a/../b", "a way up in the middle"],
    ["/namespaces/shop/resources/..", "a way up for a resource"],
    ["/namespaces/shop/resources/vault/secrets/..", "a way up for a part"],
    ["/namespaces/shop/resources/vault/secrets/a/../b", "a way up below a part"],
    ["/namespaces/shop/resources/vault/secrets//a", "an empty segment below a resource"],
    ["/namespaces/shop/resources/vault/secrets/a/", "a slash after a part"],
    ["/namespaces/shop/resources/vault/secrets/A", "upper case in a part"],
    ["/namespaces/shop/resources/vault/secrets/p\u0430ss", "a Cyrillic letter in a part"],
    ["/namespaces/shop/resources/vault/secrets/\uff50ass", "a full-width letter in a part"],
    ["/namespaces/shop/resources/vault/secrets/a\u200b", "a letter of no width"],
    ["/namespaces/shop/resources/vault/secrets/%2e%2e", "an escaped way up"],
    ["/namespaces/shop/resources/vault/a/b/c/d/e/f", "three pairs"],
    [`/namespaces/shop/resources/vault/secrets/${"a".repeat(246)}`, "a part over 253 characters"],
    ["/namespaces/a.b", "a dot in a namespace"],
    [`/namespaces/${"a".repeat(64)}`, "a namespace over 63 characters"],
    [`/namespaces/shop/resources/${"a".repeat(254)}`, "a name over 253 characters"],
  ])("%j is none: %s", (text) => expect(parseScope(text)).toBeUndefined());

  property(
    "does not throw, and what it takes is spelled the one way",
    [fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom("/", ".", "a", "-", "namespaces", "resources") }))],
    (text) => {
      const scope = parseScope(text);
      return scope === undefined || scope === text;
    },
  );
});

describe("scopeContains", () => {
  const shop = namespaceScope("shop");
  const vault = resourceScope("shop", "vault");
  const secret = subresourceScope("shop", "vault", "secrets/db");

  test.each([
    [clusterScope, clusterScope, true],
    [clusterScope, shop, true],
    [clusterScope, vault, true],
    [shop, vault, true],
    [shop, shop, true],
    [vault, vault, true],
    [shop, clusterScope, false],
    [vault, shop, false],
    [vault, clusterScope, false],
    [vault, secret, true],
    [shop, secret, true],
    [secret, subresourceScope("shop", "vault", "secrets/db/versions/v1"), true],
    [secret, vault, false],
    [secret, subresourceScope("shop", "vault", "secrets/db-2"), false],
    [shop, namespaceScope("shop-2"), false],
    [shop, resourceScope("shop-2", "vault"), false],
    [vault, resourceScope("shop", "vault2"), false],
    [vault, resourceScope("shop", "other"), false],
  ])("%s contains %s: %s", (outer, inner, contains) => expect(scopeContains(outer, inner)).toBe(contains));
});

const names = fc.constantFrom("a", "a-b", "ab", "b");
const parts = fc
  .tuple(names, names, fc.constantFrom("", "/a/b", "/a/ab"))
  .map(([kind, name, rest]) => `${kind}/${name}${rest}`);
const scopes: fc.Arbitrary<Scope> = fc.oneof(
  fc.constant(clusterScope),
  names.map(namespaceScope),
  fc.tuple(names, names).map(([namespace, name]) => resourceScope(namespace, name)),
  fc.tuple(names, names, parts).map(([namespace, name, part]) => subresourceScope(namespace, name, part)),
);

describe("containment is a partial order", () => {
  property("each scope contains itself", [scopes], (scope) => scopeContains(scope, scope));
  property("two that contain each other are one", [scopes, scopes], (one, other) => {
    return !(scopeContains(one, other) && scopeContains(other, one)) || one === other;
  });
  property("what contains the container contains the contained", [scopes, scopes, scopes], (a, b, c) => {
    return !(scopeContains(a, b) && scopeContains(b, c)) || scopeContains(a, c);
  });
  property("what contains one scope from two sides is itself in order", [scopes, scopes, scopes], (a, b, c) => {
    return !(scopeContains(a, c) && scopeContains(b, c)) || scopeContains(a, b) || scopeContains(b, a);
  });
});

property(
  "the scopes that enclose one are those that contain it, from the narrowest",
  [scopes, scopes],
  (scope, other) => {
    const enclosing = enclosingScopes(scope);
    expect(enclosing.includes(other)).toBe(scopeContains(other, scope));
    expect(enclosing.toSorted((one, another) => another.length - one.length)).toEqual(enclosing);
  },
);

property("the resource of a scope is the one resource that encloses it", [scopes], (scope) => {
  const isResource = (at: Scope): boolean => at.split("/").length === 5;
  expect(resourceOf(scope)).toBe(enclosingScopes(scope).find(isResource));
});
