import type { PatchOperation } from "../../webhook/json-patch.ts";

/** RFC 6902 for the operations that the webhook sends, as an API server applies them: a path that leads nowhere is an error. */
export function applyPatch<T>(document: T, patch: readonly PatchOperation[]): T {
  const patched = structuredClone(document);
  for (const operation of patch) applyOne(patched, operation);
  return patched;
}

function applyOne(document: unknown, { op, path, value }: PatchOperation): void {
  const steps = path
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  const last = steps.pop();
  if (last === undefined) throw new Error("The whole document is never replaced.");
  const parent = steps.reduce(child, document);
  if (Array.isArray(parent) && op === "add") parent.splice(indexIn(parent, last), 0, structuredClone(value));
  else if (isObject(parent) && (op === "add" || Object.hasOwn(parent, last))) parent[last] = structuredClone(value);
  else throw new Error(`There is nothing to ${op} at ${path}.`);
}

function child(parent: unknown, step: string): unknown {
  const found = isObject(parent) && Object.hasOwn(parent, step) ? parent[step] : undefined;
  if (found === undefined) throw new Error(`There is no ${step}.`);
  return found;
}

function indexIn(list: readonly unknown[], step: string): number {
  const index = step === "-" ? list.length : Number(step);
  if (!Number.isInteger(index) || index < 0 || index > list.length) throw new Error(`There is no place ${step}.`);
  return index;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
