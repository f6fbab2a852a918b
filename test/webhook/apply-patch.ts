import type { PatchOperation } from "../../webhook/json-patch.ts";
import { parentOf } from "./json-pointer.ts";

/** RFC 6902 for the operations that the webhook sends, as an API server applies them: a path that leads nowhere is an error. */
export function applyPatch<T>(document: T, patch: readonly PatchOperation[]): T {
  const patched: T = JSON.parse(JSON.stringify(document));
  for (const operation of patch) applyOne(patched, operation);
  return patched;
}

function applyOne(document: unknown, { op, path, value }: PatchOperation): void {
  const parent = parentOf(document, path);
  if (parent.kind === "list" && op === "add") {
    parent.list.splice(indexIn(parent.list, parent.step), 0, value);
  } else if (parent.kind === "object" && (op === "add" || Object.hasOwn(parent.object, parent.step))) {
    parent.object[parent.step] = value;
  } else throw new Error(`There is nothing to ${op} at ${path}.`);
}

function indexIn(list: readonly unknown[], step: string): number {
  const index = step === "-" ? list.length : Number(step);
  if (!Number.isInteger(index) || index < 0 || index > list.length) throw new Error(`There is no place ${step}.`);
  return index;
}
