import fc from "fast-check";
import { describe, expect } from "vitest";
import { isRecord, jsonEqual } from "../../../identity/json-equal.ts";
import { type FieldPath, fieldNames, valueAt } from "../../../kube/memory/field-path.ts";
import { type FieldSet, fieldsOf, fromFieldsV1, toFieldsV1 } from "../../../kube/memory/field-set.ts";
import { listType } from "../../../kube/memory/list-type.ts";
import type { PlainMap } from "../../../kube/memory/plain-value.ts";
import { property } from "../../support/property.ts";
import { type Application, apply, applyAll, contents, owners } from "./applying.ts";

/** Few values that overlap often find more than many that never meet. */
const map = fc.constantFrom({}, { a: "1" }, { a: "2" }, { b: "1" }, { a: "1", b: "2" }, { b: "2", c: "1" });
const metadata = fc.record({ labels: map, finalizers: fc.subarray(["x", "y"]) }, { requiredKeys: [] });
const spec = fc.record(
  { size: fc.constantFrom("1", "2"), inner: map, list: fc.constantFrom([], ["1"], ["1", "2"]) },
  { requiredKeys: [] },
);
const conditions = fc.subarray([
  { type: "Ready", status: "1" },
  { type: "Audited", status: "1", reason: "1" },
]);
const otherConditions = fc.constantFrom([{ type: "Ready" }], [{ type: "Ready", status: "2", reason: "1" }]);
const status = fc.record({ conditions: fc.oneof(conditions, otherConditions) }, { requiredKeys: [] });
const configuration: fc.Arbitrary<PlainMap> = fc.record({ metadata, spec, status }, { requiredKeys: [] });
const historiesOf = (parts: fc.Arbitrary<PlainMap>): fc.Arbitrary<Application[]> =>
  fc.array(fc.record({ by: fc.constantFrom("one", "two", "three"), configuration: parts }), {
    minLength: 1,
    maxLength: 3,
  });

/** Mostly of one part of an object alone: the parts meet seldom, and what is in one part meets all the time. */
const histories = fc.oneof(
  { weight: 3, arbitrary: historiesOf(fc.record({ metadata })) },
  { weight: 3, arbitrary: historiesOf(fc.record({ spec })) },
  { weight: 3, arbitrary: historiesOf(fc.record({ status })) },
  { weight: 1, arbitrary: historiesOf(configuration) },
);

describe("serverSideApply, whatever is applied", () => {
  property("is idempotent", [histories], (history) => {
    const object = applyAll(history);
    const last = history.at(-1);
    return last !== undefined && jsonEqual(apply(object, last), object);
  });

  property("does what it was told: every field of the configuration is in the object", [histories], (history) => {
    const object = applyAll(history);
    const { configuration: wanted = {} } = history.at(-1) ?? {};
    return [...fieldsOf(wanted).values()].every((path) => agree(object, wanted, path));
  });

  property("removes what was dropped: nothing is left that nobody owns", [histories], (history) => {
    const object = applyAll(history) ?? {};
    const owned = owners(object).map(({ fields }) => fields);
    const isOwned = (key: string) => owned.some((fields) => fields.has(key));
    return [...fieldsOf(contents(object)).keys()].every(isOwned);
  });

  property("leaves nothing when everybody lets go", [histories], (history) => {
    const letGo = ["one", "two", "three"].map((by) => ({ by, configuration: {} }));
    return jsonEqual(contents(applyAll([...history, ...letGo]) ?? {}), {});
  });

  property("without force nobody's field changes", [histories], (history) => {
    const object = applyAll(history.slice(0, -1)) ?? {};
    const last = history.at(-1);
    const others = owners(object).filter(({ manager }) => manager.name !== last?.by);
    const after = last === undefined ? object : attempt(object, last);
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
  return jsonEqual(there, here) || (isRecord(there) && isRecord(here)) || (isNamedList && Array.isArray(there));
}

function attempt(object: PlainMap, application: Application): PlainMap {
  try {
    return apply(object, { ...application, force: false });
  } catch {
    return object;
  }
}
