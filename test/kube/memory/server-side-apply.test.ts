import { describe, expect, test } from "vitest";
import { apply, applyAll, metadataOf, owners } from "./applying.ts";

describe("serverSideApply", () => {
  test("records what a manager owns as fieldsV1", () => {
    const object = apply(undefined, {
      by: "one",
      configuration: {
        metadata: { finalizers: ["x"], labels: { "example.com/a": "1" } },
        spec: { list: ["1"], inner: {} },
        status: { conditions: [{ type: "Ready", status: "True" }] },
      },
    });
    expect(metadataOf(object).managedFields).toEqual([
      {
        manager: "one",
        operation: "Apply",
        apiVersion: "example.com/v1",
        time: "2026-11-21T12:00:00Z",
        fieldsType: "FieldsV1",
        fieldsV1: {
          "f:metadata": { "f:finalizers": { 'v:"x"': {} }, "f:labels": { "f:example.com/a": {} } },
          "f:spec": { "f:list": {}, "f:inner": {} },
          "f:status": { "f:conditions": { 'k:{"type":"Ready"}': { ".": {}, "f:type": {}, "f:status": {} } } },
        },
      },
    ]);
  });

  test("names every conflict, by manager", () => {
    const live = applyAll([
      { by: "one", configuration: { spec: { size: "1", list: ["1"] } } },
      { by: "two", configuration: { metadata: { labels: { a: "1" } } } },
    ]);
    const all = { metadata: { labels: { a: "2" } }, spec: { size: "2", list: ["2"] } };
    expect(() => apply(live, { by: "three", configuration: all, force: false })).toThrow(
      'Apply failed with 3 conflicts: conflicts with "one":\n- .spec.size\n- .spec.list\nconflict with "two": .metadata.labels.a',
    );
  });

  test("two managers that say the same own it together", () => {
    const same = { spec: { size: "1" } };
    const object = applyAll([
      { by: "one", configuration: same },
      { by: "two", configuration: same, force: false },
    ]);
    expect(owners(object ?? {}).map(({ manager }) => manager.name)).toEqual(["one", "two"]);
  });

  test("a manager that owns nothing any more has no entry", () => {
    const object = applyAll([
      { by: "one", configuration: { spec: { size: "1" } } },
      { by: "one", configuration: {} },
    ]);
    expect(metadataOf(object ?? {}).managedFields).toEqual([]);
  });
});
