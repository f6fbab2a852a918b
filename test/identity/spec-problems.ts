import { API_VERSION } from "../../identity/names.ts";
import { validateObject } from "../../identity/validate.ts";

/** What a person is told of a spec, as `FIELD: MESSAGE` lines; none when it is right. */
export function specProblems(kind: string, spec: unknown): string[] {
  const validation = validateObject(kind, { apiVersion: API_VERSION, kind, metadata: { name: "orders" }, spec });
  if (validation.kind === "valid") return [];
  return validation.problems.map(({ path, message }) => `${path.slice(1).join(".")}: ${message}`);
}
