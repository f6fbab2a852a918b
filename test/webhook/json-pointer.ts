export type Parent =
  | { readonly kind: "list"; readonly list: unknown[]; readonly step: string }
  | { readonly kind: "object"; readonly object: Record<string, unknown>; readonly step: string };

/** The list or object that a pointer (RFC 6901) ends in, and the last step. A pointer that leads nowhere is an error. */
export function parentOf(document: unknown, pointer: string): Parent {
  const steps = pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  const step = steps.pop();
  const parent = steps.reduce(child, document);
  if (step === undefined || !isObject(parent)) throw new Error(`${pointer} leads nowhere.`);
  return Array.isArray(parent) ? { kind: "list", list: parent, step } : { kind: "object", object: parent, step };
}

function child(parent: unknown, step: string): unknown {
  if (!isObject(parent) || !Object.hasOwn(parent, step)) throw new Error(`There is no ${step}.`);
  return parent[step];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
