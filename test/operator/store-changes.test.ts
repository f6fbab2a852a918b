import { describe, expect, test } from "vitest";
import type { KubeObject } from "../../kube/kind.ts";
import { Store, type StoreChange } from "../../kube/store.ts";
import { comesOrGoes, onEach } from "../../operator/store-changes.ts";
import { role } from "../identity/builders.ts";
import { unusable } from "./builders.ts";

const reader = role("reader");
const relabelled = { ...reader, metadata: { ...reader.metadata, resourceVersion: "2" } };
const going = { ...reader, metadata: { ...reader.metadata, deletionTimestamp: "2026-11-21T12:00:00Z" } };
const upsert = (object: KubeObject, previous?: KubeObject): StoreChange<KubeObject> => ({
  type: "upsert",
  object,
  previous,
});

describe("to those who name an object it matters", () => {
  test.each<[string, StoreChange<KubeObject>, boolean]>([
    ["that it came", upsert(reader), true],
    ["that it went", { type: "delete", object: reader }, true],
    ["that it began to go", upsert(going, reader), true],
    ["that it cannot be read any more", upsert(unusable(reader), reader), true],
    ["that it can be read again", upsert(reader, unusable(reader)), true],
    ["not that something else about it changed", upsert(relabelled, reader), false],
  ])("%s", (_what, change, matters) => expect(comesOrGoes(change)).toBe(matters));
});

test("each object is told that is there already, and each that comes later", () => {
  const store = new Store<KubeObject>();
  store.upsert(reader);
  const told: string[] = [];
  onEach(store, ({ object }) => told.push(object.metadata.name));
  store.upsert(role("owner"));
  expect(told).toEqual(["reader", "owner"]);
});
