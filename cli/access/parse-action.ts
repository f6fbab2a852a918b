import { isAction } from "../../identity/action.ts";
import { didYouMean } from "../../identity/nearest-name.ts";
import type { RoleDefinition } from "../../identity/role-definition.ts";
import { UsageError } from "../usage-error.ts";

/** An action that somebody may be asked about. Throws a UsageError for one with a wildcard, or none at all. */
export function parseAction(text: string): string {
  if (isAction(text)) return text;
  throw new UsageError(`"${text}" is no action: expected one without wildcards, such as secrets/read.`);
}

/** ` Did you mean "secrets/read"?` for an action that no role names, or nothing. */
export function actionHint(action: string, roles: Iterable<RoleDefinition>): string {
  const known = [...roles].flatMap(({ spec }) => spec.actions ?? []).filter(isAction);
  return known.includes(action) ? "" : didYouMean(action, known);
}
