import { isRecord, jsonEqual } from "../../identity/json-equal.ts";
import { StatusError } from "../status-error.ts";
import { type FieldPath, fieldNames, pathText, valueAt } from "./field-path.ts";
import { type FieldSet, fieldsOf, without } from "./field-set.ts";
import { listType } from "./list-type.ts";
import {
  type FieldManager,
  isManager,
  type Ownership,
  readManagedFields,
  withOwnership,
  writeManagedFields,
} from "./managed-fields.ts";
import { merge } from "./merge.ts";
import type { PlainMap } from "./plain-value.ts";
import { prune } from "./prune.ts";
import { ownableFields } from "./requested.ts";

interface ApplyRequest {
  /** The object as it is; undefined when there is none yet. */
  readonly live: PlainMap | undefined;
  /** What the manager wants, reduced to what the resource takes that it is sent to. */
  readonly configuration: PlainMap;
  readonly manager: FieldManager;
  readonly force: boolean;
  readonly apiVersion: string;
  /** RFC 3339. */
  readonly time: string;
}

/**
 * The object that an apply makes: the configuration merged in, and what the same manager applied before, no longer
 * does, and nobody else owns, taken out. Throws a Conflict when another manager owns a field with another value.
 * https://kubernetes.io/docs/reference/using-api/server-side-apply/
 */
export function serverSideApply({
  live = {},
  configuration,
  manager,
  force,
  apiVersion,
  time,
}: ApplyRequest): PlainMap {
  const ownerships = readManagedFields(metadataOf(live).managedFields);
  const fields = fieldsOf(ownableFields(configuration));
  const others = ownerships.filter((ownership) => !isManager(ownership.manager, manager));
  const disputes = others.map((owner) => ({ owner, fields: disputed(owner.fields, fields, [live, configuration]) }));
  if (!force) refuseDisputes(disputes);

  const yielded = ownerships.map((ownership) => {
    const dispute = disputes.find(({ owner }) => owner === ownership);
    return dispute === undefined ? ownership : { ...ownership, fields: without(ownership.fields, dispute.fields) };
  });
  const before = ownerships.find((ownership) => isManager(ownership.manager, manager));
  const owned = [fields, ...others.map((other) => other.fields)];
  const dropped = without(before?.fields ?? new Map(), ...owned);
  const kept = prune(live, dropped, (key) => owned.some((set) => set.has(key)));
  return withManagedFields(merge(kept, configuration), withOwnership(yielded, { manager, apiVersion, time, fields }));
}

/** What a create records: its manager owns every field that it set. */
export function ownWhole(object: PlainMap, ownership: Omit<Ownership, "fields">): PlainMap {
  return withManagedFields(object, [{ ...ownership, fields: fieldsOf(ownableFields(object)) }]);
}

const metadataOf = (object: PlainMap): PlainMap => (isRecord(object.metadata) ? object.metadata : {});

function withManagedFields(object: unknown, ownerships: readonly Ownership[]): PlainMap {
  const map = isRecord(object) ? object : {};
  return { ...map, metadata: { ...metadataOf(map), managedFields: writeManagedFields(ownerships) } };
}

function disputed(theirs: FieldSet, mine: FieldSet, [live, applied]: readonly [PlainMap, PlainMap]): FieldSet {
  const shared = [...mine].filter(([key]) => theirs.has(key));
  return new Map(shared.filter(([, path]) => differs(valueAt(live, path), valueAt(applied, path), path)));
}

/** Containers do not differ by themselves; what is in them has owners of its own. */
function differs(live: unknown, applied: unknown, path: FieldPath): boolean {
  if (isRecord(live) && isRecord(applied)) return false;
  if (Array.isArray(live) && Array.isArray(applied) && listType(fieldNames(path)).type !== "atomic") return false;
  return !jsonEqual(live, applied);
}

interface Dispute {
  readonly owner: Ownership;
  readonly fields: FieldSet;
}

function refuseDisputes(disputes: readonly Dispute[]): void {
  const real = disputes.filter(({ fields }) => fields.size > 0);
  if (real.length === 0) return;
  const count = real.reduce((sum, { fields }) => sum + fields.size, 0);
  throw new StatusError("Conflict", `Apply failed with ${count} conflict${count === 1 ? "" : "s"}: ${wording(real)}`);
}

/** In the API server's words, which people search for. */
function wording(disputes: readonly Dispute[]): string {
  const texts = disputes.map(({ owner, fields }) => {
    const paths = [...fields.values()].map(pathText);
    if (paths.length === 1) return `conflict with ${ownerText(owner)}: ${paths[0]}`;
    return `conflicts with ${ownerText(owner)}:\n${paths.map((path) => `- ${path}`).join("\n")}`;
  });
  return texts.join("\n");
}

function ownerText({ manager, apiVersion, time }: Ownership): string {
  const subresource = manager.subresource === undefined ? "" : ` with subresource "${manager.subresource}"`;
  const update = manager.operation === "Update" ? ` using ${apiVersion} at ${time}` : "";
  return `"${manager.name}"${subresource}${update}`;
}
