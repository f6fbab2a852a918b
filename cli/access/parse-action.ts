import { isAction } from "../../identity/action.ts";
import { didYouMean } from "../../identity/nearest-name.ts";
import type { RoleDefinition } from "../../identity/role-definition.ts";
import { UsageError } from "../usage-error.ts";
import { actionsOfVaults, isKnownAction } from "./action-vocabulary.ts";

/** An action that somebody may be asked about. Throws a UsageError for one with a wildcard, or none at all. */
export function parseAction(text: string): string {
  if (isAction(text)) return text;
  throw new UsageError(`"${text}" is no action: expected one without wildcards, such as secrets/read.`);
}

/** Returns ` No role names stock/reed. Did you mean "stock/read"?` for an action that is unknown, or an empty text. */
export function actionHint(action: string, roles: readonly RoleDefinition[]): string {
  if (isKnownAction(action, roles)) return "";
  const known = [...roles.flatMap(({ spec }) => spec.actions ?? []).filter(isAction), ...actionsOfVaults];
  return ` No role names ${action}.${didYouMean(action, known)}`;
}
