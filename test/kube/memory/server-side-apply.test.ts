import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type FieldPath, fieldNames, valueAt } from "../../../kube/memory/field-path.ts";
import { type FieldSet, fieldsOf, fromFieldsV1, toFieldsV1 } from "../../../kube/memory/field-set.ts";
import { listType } from "../../../kube/memory/list-type.ts";
import { readManagedFields } from "../../../kube/memory/managed-fields.ts";
import { isMap, isSame, omit, type PlainMap } from "../../../kube/memory/plain-value.ts";
import { ownableFields } from "../../../kube/memory/requested.ts";
import { serverSideApply } from "../../../kube/memory/server-side-apply.ts";
import { property } from "../../support/property.ts";

const IDENTITY = { apiVersion: "example.com/v1", kind: "Widget", metadata: { name: "one" } };

interface Application {
  readonly by: string;
  readonly configuration: PlainMap;
  readonly force?: boolean;
}

function apply(live: PlainMap | undefined, { by, configuration, force = true }: Application): PlainMap {
  const manager = { name: by, operation: "Apply" as const };
  const metadata = { ...(isMap(configuration.metadata) ? configuration.metadata : {}), ...IDENTITY.metadata };
  const request = { apiVersion: IDENTITY.apiVersion, time: "2026-11-21T12:00:00Z", manager, force, live };
  return serverSideApply({ ...request, configuration: { ...IDENTITY, ...configuration, metadata } });
}

const applyAll = (applications: readonly Application[]): PlainMap | undefined =>
  applications.reduce<PlainMap | undefined>(apply, undefined);

const metadataOf = (object: PlainMap): PlainMap => (isMap(object.metadata) ? object.metadata : {});
const contents = (object: PlainMap): PlainMap =>
  ownableFields({ ...object, metadata: omit(metadataOf(object), ["managedFields"]) });
const owners = (object: PlainMap) => readManagedFields(metadataOf(object).managedFields);

const scalar = fc.constantFrom("1", "2");
const labels = fc.dictionary(fc.constantFrom("a", "b", "c"), scalar, { maxKeys: 3 });
const condition = fc.record(
  { type: fc.constantFrom("Ready", "Audited"), status: scalar, reason: scalar },
  { requiredKeys: ["type"] },
);
const configuration: fc.Arbitrary<PlainMap> = fc.record(
  {
    metadata: fc.record({ labels, finalizers: fc.uniqueArray(fc.constantFrom("x", "y", "z")) }, { requiredKeys: [] }),
    spec: fc.record({ size: scalar, inner: labels, list: fc.array(scalar, { maxLength: 2 }) }, { requiredKeys: [] }),
    status: fc.record(
      { conditions: fc.uniqueArray(condition, { selector: ({ type }) => type }) },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
);
const application: fc.Arbitrary<Application> = fc.record({ by: fc.constantFrom("one", "two", "three"), configuration });
const applications = fc.array(application, { minLength: 1, maxLength: 4 });

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

  property("is idempotent", [applications], (history) => {
    const object = applyAll(history);
    const last = history.at(-1);
    return last !== undefined && isSame(apply(object, last), object);
  });

  property("does what it was told: every field of the configuration is in the object", [applications], (history) => {
    const object = applyAll(history);
    const { configuration: wanted = {} } = history.at(-1) ?? {};
    return [...fieldsOf(wanted).values()].every((path) => agree(object, wanted, path));
  });

  property("removes what was dropped: nothing is left that nobody owns", [applications], (history) => {
    const object = applyAll(history) ?? {};
    const owned = owners(object).map(({ fields }) => fields);
    const isOwned = (key: string) => owned.some((fields) => fields.has(key));
    return [...fieldsOf(contents(object)).keys()].every(isOwned);
  });

  property("leaves nothing when everybody lets go", [applications], (history) => {
    const letGo = ["one", "two", "three"].map((by) => ({ by, configuration: {} }));
    return isSame(contents(applyAll([...history, ...letGo]) ?? {}), {});
  });

  property("without force nobody's field changes", [applications, application], (history, last) => {
    const object = applyAll(history) ?? {};
    const others = owners(object).filter(({ manager }) => manager.name !== last.by);
    const after = attempt(object, last);
    return others.every(({ fields }) => [...fields.values()].every((path) => agree(after, object, path)));
  });

  property("a set of fields reads back as it was written", [configuration], (value) => {
    const fields: FieldSet = fieldsOf(value);
    expect(new Set(fromFieldsV1(toFieldsV1(fields)).keys())).toEqual(new Set(fields.keys()));
  });
});

/** Containers hold what others put into them too; leaves are as they were said. */
function agree(found: PlainMap | undefined, wanted: PlainMap, path: FieldPath): boolean {
  const [there, here] = [valueAt(found, path), valueAt(wanted, path)];
  const isNamedList = Array.isArray(here) && listType(fieldNames(path)).type !== "atomic";
  return isSame(there, here) || (isMap(there) && isMap(here)) || (isNamedList && Array.isArray(there));
}

function attempt(object: PlainMap, application: Application): PlainMap {
  try {
    return apply(object, { ...application, force: false });
  } catch {
    return object;
  }
}
