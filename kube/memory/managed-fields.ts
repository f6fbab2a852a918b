import { z } from "zod";
import { type FieldSet, fromFieldsV1, isSameSet, toFieldsV1 } from "./field-set.ts";

/** Who owns which fields. https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management */
export interface Ownership {
  readonly manager: FieldManager;
  readonly apiVersion: string;
  /** When these fields last changed hands, RFC 3339. */
  readonly time: string;
  readonly fields: FieldSet;
}

/** The same manager owns apart what it applied, what it wrote otherwise, and what it wrote to a subresource. */
export interface FieldManager {
  readonly name: string;
  readonly operation: "Apply" | "Update";
  readonly subresource?: string | undefined;
}

const entrySchema = z.object({
  manager: z.string(),
  operation: z.enum(["Apply", "Update"]),
  apiVersion: z.string(),
  time: z.string(),
  fieldsV1: z.unknown(),
  subresource: z.string().optional(),
});
const managedFieldsSchema = z.array(entrySchema).default([]);

export function readManagedFields(managedFields: unknown): readonly Ownership[] {
  return managedFieldsSchema.parse(managedFields).map(({ manager, operation, subresource, fieldsV1, ...entry }) => ({
    ...entry,
    manager: { name: manager, operation, subresource },
    fields: fromFieldsV1(fieldsV1),
  }));
}

/** Entries that own nothing are left out. */
export function writeManagedFields(ownerships: readonly Ownership[]): readonly unknown[] {
  return ownerships
    .filter(({ fields }) => fields.size > 0)
    .map(({ manager, apiVersion, time, fields }) => ({
      manager: manager.name,
      operation: manager.operation,
      apiVersion,
      time,
      fieldsType: "FieldsV1",
      fieldsV1: toFieldsV1(fields),
      ...(manager.subresource === undefined ? {} : { subresource: manager.subresource }),
    }));
}

/** The ownerships with one manager's replaced; the time moves only when its fields do. */
export function withOwnership(ownerships: readonly Ownership[], mine: Ownership): readonly Ownership[] {
  const before = ownerships.find(({ manager }) => isManager(manager, mine.manager));
  if (before === undefined) return [...ownerships, mine];
  const unchanged = isSameSet(before.fields, mine.fields);
  return ownerships.map((ownership) => (ownership === before ? (unchanged ? before : mine) : ownership));
}

export function isManager(one: FieldManager, other: FieldManager): boolean {
  return one.name === other.name && one.operation === other.operation && one.subresource === other.subresource;
}
