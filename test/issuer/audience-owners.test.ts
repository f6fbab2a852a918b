import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { audienceOwners } from "../../identity/audience.ts";
import { type ProtectedResource, protectedResourceSchema } from "../../identity/protected-resource.ts";
import { watchAudienceOwners } from "../../issuer/audience-owners.ts";
import { Store } from "../../kube/store.ts";
import { audiencesOf, isUsableResource, type StoredResource, storedResources } from "../../kube/stored-resource.ts";
import { property } from "../support/property.ts";

function resource(name: string, audiences: readonly string[], second = 0, version = "1"): ProtectedResource {
  const creationTimestamp = new Date(second * 1000).toISOString();
  return protectedResourceSchema.parse({
    apiVersion: "lanyard.dev/v1alpha1",
    kind: "ProtectedResource",
    metadata: { name, namespace: "shop", uid: `uid-${name}`, resourceVersion: version, creationTimestamp },
    spec: { audiences },
  });
}

const broken = (object: ProtectedResource, audiences: unknown): StoredResource =>
  storedResources.parse({ ...object, spec: { audiences } });

function watched() {
  const store = new Store<StoredResource>({ audience: audiencesOf });
  const { usable: owners, unusable } = watchAudienceOwners(store, "audience");
  return { store, owners, unusable };
}

describe("watchAudienceOwners", () => {
  test("the older of two owns an audience, and the younger inherits it", () => {
    const { store, owners } = watched();
    const [older, younger] = [resource("older", ["https://a.svc"], 1), resource("younger", ["https://a.svc/"], 2)];
    store.upsert(younger);
    store.upsert(older);
    expect(owners.get("https://a.svc")?.metadata.name).toBe("older");
    store.delete(older);
    expect(owners.get("https://a.svc")?.metadata.name).toBe("younger");
    store.delete(younger);
    expect(owners.size).toBe(0);
  });

  test("an audience that is taken out of a resource is nobody's", () => {
    const { store, owners } = watched();
    store.upsert(resource("a", ["https://a.svc", "https://b.svc"]));
    store.upsert(resource("a", ["https://b.svc"], 0, "2"));
    expect([...owners.keys()]).toEqual(["https://b.svc"]);
  });

  test("one that breaks a rule keeps what can be read of its audiences", () => {
    const { store, owners, unusable } = watched();
    store.upsert(broken(resource("older", ["https://a.svc"], 1), ["https://a.svc", 7]));
    store.upsert(resource("younger", ["https://a.svc"], 2));
    expect([owners.size, unusable.get("https://a.svc")?.metadata.name]).toEqual([0, "older"]);
    store.upsert(resource("older", ["https://a.svc"], 1, "2"));
    expect([unusable.size, owners.get("https://a.svc")?.metadata.name]).toEqual([0, "older"]);
  });

  test("one that breaks a rule takes nothing from an older one", () => {
    const { store, owners, unusable } = watched();
    store.upsert(broken(resource("younger", ["https://a.svc"], 2), ["https://a.svc", 7]));
    store.upsert(resource("older", ["https://a.svc"], 1));
    expect([unusable.size, owners.get("https://a.svc")?.metadata.name]).toEqual([0, "older"]);
  });

  const name = fc.constantFrom("a", "b", "c");
  const event = fc.record({
    name,
    gone: fc.boolean(),
    second: fc.nat(3),
    audiences: fc.uniqueArray(fc.constantFrom("x", "x/", "y", "z"), { minLength: 1 }),
  });

  property(
    "after any events it is what would be computed from scratch",
    [fc.array(event, { maxLength: 12 })],
    (events) => {
      const { store, owners } = watched();
      for (const [version, { name, gone, second, audiences }] of events.entries()) {
        const object = resource(name, audiences, second, String(version));
        if (gone) store.delete(object);
        else store.upsert(object);
      }
      expect(new Map(owners)).toEqual(audienceOwners([...store.values()].filter(isUsableResource), audiencesOf));
    },
  );
});
