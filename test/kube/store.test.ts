import { describe, expect, test } from "vitest";
import { Store, type StoreChange } from "../../kube/store.ts";
import { readWidget, type Widget } from "./widget.ts";

const byColour = { colour: ({ metadata }: Widget) => Object.keys(metadata.labels ?? {}) };
const red = (name: string, version: string) => readWidget(name, version, { labels: { red: "" } });
const blue = (name: string, version: string) => readWidget(name, version, { labels: { blue: "" } });

function listenedTo() {
  const store = new Store<Widget>(byColour);
  const heard: string[] = [];
  store.subscribe((change) => heard.push(changeText(change)));
  return { store, heard };
}

function changeText(change: StoreChange<Widget>): string {
  const version = ({ metadata }: Widget) => `${metadata.name}@${metadata.resourceVersion}`;
  if (change.type === "delete") return `delete ${version(change.object)}`;
  return `upsert ${version(change.object)}${change.previous === undefined ? "" : ` after ${version(change.previous)}`}`;
}

describe("Store", () => {
  test("holds one object a key, the latest", () => {
    const { store } = listenedTo();
    store.upsert(red("one", "1"));
    store.upsert(red("one", "2"));
    expect(store.get({ namespace: "shop", name: "one" })?.metadata.resourceVersion).toBe("2");
    expect([...store.values()]).toHaveLength(1);
    expect(store.size).toBe(1);
    expect(store.get({ namespace: "shop", name: "two" })).toBeUndefined();
  });

  test("an index follows its objects", () => {
    const { store } = listenedTo();
    store.upsert(red("one", "1"));
    store.upsert(red("two", "2"));
    store.upsert(blue("one", "3"));
    expect(store.by("colour", "red").map(({ metadata }) => metadata.name)).toEqual(["two"]);
    expect(store.by("colour", "blue").map(({ metadata }) => metadata.name)).toEqual(["one"]);
    store.delete(blue("one", "4"));
    expect(store.by("colour", "blue")).toEqual([]);
  });

  test("an object stands under every value of an index", () => {
    const { store } = listenedTo();
    store.upsert(readWidget("one", "1", { labels: { red: "", blue: "" } }));
    expect([store.by("colour", "red").length, store.by("colour", "blue").length]).toEqual([1, 1]);
  });

  test("an index that was not declared is a mistake", () => {
    expect(() => new Store<Widget>().by("colour", "red")).toThrow('The store has no index "colour".');
  });

  test("tells each change with what was before", () => {
    const { store, heard } = listenedTo();
    store.upsert(red("one", "1"));
    store.upsert(red("one", "2"));
    store.delete(red("one", "3"));
    expect(heard).toEqual(["upsert one@1", "upsert one@2 after one@1", "delete one@3"]);
  });

  test("a new object under an old name is a deletion and another object", () => {
    const { store, heard } = listenedTo();
    store.upsert(red("one", "1"));
    store.upsert(readWidget("one", "5", { uid: "another" }));
    expect(heard).toEqual(["upsert one@1", "delete one@1", "upsert one@5"]);
  });

  test("a fresh list tells what vanished, what changed and what is new, and nothing else", () => {
    const { store, heard } = listenedTo();
    store.replace([red("same", "1"), red("changed", "2"), red("vanished", "3")]);
    heard.length = 0;
    store.replace([red("same", "1"), red("changed", "5"), red("new", "6")]);
    expect(heard).toEqual(["delete vanished@3", "upsert changed@5 after changed@2", "upsert new@6"]);
    expect(store.by("colour", "red")).toHaveLength(3);
  });

  test("the store has changed when its listeners hear of it", () => {
    const { store } = listenedTo();
    const sizes: number[] = [];
    store.subscribe(() => sizes.push(store.size, store.by("colour", "red").length));
    store.upsert(red("one", "1"));
    store.delete(red("one", "2"));
    expect(sizes).toEqual([1, 1, 0, 0]);
  });

  test("a listener that throws is reported and stops nobody", () => {
    const errors: unknown[] = [];
    const store = new Store<Widget>({}, (error) => errors.push(error));
    const heard: string[] = [];
    store.subscribe(() => {
      throw new Error("broken listener");
    });
    store.subscribe((change) => heard.push(changeText(change)));
    store.upsert(red("one", "1"));
    expect(heard).toEqual(["upsert one@1"]);
    expect(errors).toEqual([new Error("broken listener")]);
  });

  test("an ended subscription hears nothing more", () => {
    const { store } = listenedTo();
    const heard: string[] = [];
    const unsubscribe = store.subscribe((change) => heard.push(changeText(change)));
    unsubscribe();
    store.upsert(red("one", "1"));
    expect(heard).toEqual([]);
  });
});
