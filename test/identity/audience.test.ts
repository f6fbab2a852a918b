import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  audienceOwner,
  canonicalAudience,
  isOlder,
  audienceOwners as ownersOf,
  registeredSpelling,
} from "../../identity/audience.ts";
import { property } from "../support/property.ts";
import { protectedResource } from "./builders.ts";

const VAULT = "https://vault.example.com";
const audienceOwners = (resources: (typeof older)[]) => ownersOf(resources, ({ spec }) => spec.audiences);
const older = protectedResource(
  { name: "vault", uid: "b", creationTimestamp: "2026-11-01T00:00:00Z" },
  { audiences: [VAULT] },
);
const newer = protectedResource(
  {
    name: "squatter",
    namespace: "evil",
    uid: "a",
    creationTimestamp: "2026-11-02T00:00:00Z",
  },
  { audiences: [VAULT] },
);
const withAudiences = (resource: typeof older, audiences: string[]): typeof older => ({
  ...resource,
  spec: { ...resource.spec, audiences },
});

describe("who owns an audience", () => {
  test.each([
    ["the older, stored first", [older, newer], older],
    ["the older, stored last", [newer, older], older],
    ["the older, whatever slash the newer adds", [withAudiences(newer, [`${VAULT}/`]), older], older],
    [
      "the older, whatever slash the newer leaves out",
      [newer, withAudiences(older, [`${VAULT}//`])],
      withAudiences(older, [`${VAULT}//`]),
    ],
    ["the only one", [newer], newer],
  ])("%s", (_given, resources, owner) => {
    expect(audienceOwners(resources).get(VAULT)).toEqual(owner);
  });

  test("of two from the same second, the one with the smaller UID, in any order", () => {
    const twin = protectedResource(
      { name: "twin", uid: "a", creationTimestamp: older.metadata.creationTimestamp },
      { audiences: [VAULT] },
    );
    for (const order of [
      [older, twin],
      [twin, older],
    ]) {
      expect(audienceOwners(order).get(VAULT)).toBe(twin);
    }
    expect(isOlder(older, older)).toBe(false);
  });

  test("times compare as times, not as text", () => {
    const zoned = protectedResource({ name: "zoned", creationTimestamp: "2026-11-02T00:00:00.000Z" });
    expect(isOlder(older, zoned)).toBe(true);
    expect(isOlder(zoned, older)).toBe(false);
  });

  test("the present owner keeps it, whoever is older, and loses it when it no longer names it", () => {
    const holder = { ...newer, status: { audiences: [`${VAULT}/`] } };
    expect(audienceOwners([older, holder]).get(VAULT)).toBe(holder);
    expect(audienceOwners([older, withAudiences(holder, ["a"])]).get(VAULT)).toBe(older);
  });

  test("a Service's audience belongs to its namespace alone, whoever holds it", () => {
    const api = "https://api.payments.svc";
    const squatter = { ...withAudiences(newer, [api]), status: { audiences: [api] } };
    const owner = withAudiences(
      { ...older, metadata: { ...older.metadata, creationTimestamp: "2026-11-03T00:00:00Z" } },
      [api],
    );
    expect(audienceOwner(api, [squatter])).toBeUndefined();
    expect(audienceOwner(api, [squatter, owner])).toBe(owner);
  });

  test("a resource that loses one audience keeps its others", () => {
    const both = withAudiences(newer, [VAULT, "https://own.evil.svc"]);
    const owners = audienceOwners([older, both]);
    expect(owners.get(VAULT)).toBe(older);
    expect(owners.get("https://own.evil.svc")).toBe(both);
  });
});

describe("the spelling that the target compares with", () => {
  test.each([
    ["https://v.svc", ["https://v.svc"], "https://v.svc"],
    ["https://v.svc/", ["https://v.svc"], "https://v.svc"],
    ["https://v.svc", ["https://v.svc/"], "https://v.svc/"],
    ["https://v.svc/", ["https://v.svc", "https://v.svc/"], "https://v.svc/"],
  ])("asked %s, registered %j: %s", (asked, audiences, spelling) => {
    expect(registeredSpelling(withAudiences(older, audiences), asked)).toBe(spelling);
  });
});

describe("canonicalAudience", () => {
  test("nothing but slashes at the end is left out", () => {
    expect(canonicalAudience("https://V.svc/path//")).toBe("https://V.svc/path");
    expect(canonicalAudience("api://orders")).toBe("api://orders");
  });
  property("is stable, and blind to slashes at the end", [fc.string(), fc.nat(5)], (audience, slashes) => {
    const canonical = canonicalAudience(audience);
    return (
      canonicalAudience(canonical) === canonical && canonicalAudience(audience + "/".repeat(slashes)) === canonical
    );
  });
});

const resources = fc.array(
  fc
    .record({
      uid: fc.uuid(),
      day: fc.integer({ min: 1, max: 3 }),
      audiences: fc.uniqueArray(fc.constantFrom("a", "a/", "b", "b//"), { minLength: 1 }),
    })
    .map(({ uid, day, audiences }) =>
      protectedResource({ uid, creationTimestamp: `2026-11-0${day}T00:00:00Z` }, { audiences }),
    ),
  { maxLength: 5 },
);
property("the order in which resources are stored decides nothing", [resources], (list) => {
  const ids = (order: typeof list): string[] =>
    [...audienceOwners(order)].map(([audience, owner]) => `${audience} ${owner.metadata.uid}`).sort();
  return ids(list).join() === ids(list.toReversed()).join();
});
