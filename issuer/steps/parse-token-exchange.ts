import { type Refusal, refusals } from "../../identity/reasons.ts";
import type { IdentitySelector } from "../../identity/select-identity.ts";
import { nameProblem, tokenProblem } from "./token-parameter.ts";
import type { ParsedTokenRequest } from "./token-request.ts";

const TOKEN_TYPE = "urn:ietf:params:oauth:token-type:";
const issuedTypes: readonly (string | undefined)[] = [undefined, `${TOKEN_TYPE}access_token`, `${TOKEN_TYPE}jwt`];

type Parameters = ReadonlyMap<string, string>;

/** RFC 8693 §2.1. The audience is taken exactly as the application wrote it. */
export function parseTokenExchange(form: Parameters): ParsedTokenRequest {
  const subjectToken = form.get("subject_token") ?? "";
  const audience = form.get("audience") ?? "";
  const selectors = selectorsIn(form);
  const refusal = problem(form) ?? selectorProblem(selectors);
  if (refusal !== undefined) return { kind: "refused", refusal };
  const selector = selectors[0] ?? { by: "default" };
  return { kind: "parsed", request: { grantType: "token-exchange", subjectToken, audience, selector } };
}

function problem(form: Parameters): Refusal | undefined {
  const token = tokenProblem("subject_token", form.get("subject_token")) ?? typeProblem(form);
  if (token !== undefined) return token;
  return form.has("audience") ? nameProblem("audience", form.get("audience")) : refusals.ResourceMissing();
}

function typeProblem(form: Parameters): Refusal | undefined {
  if (form.get("subject_token_type") !== `${TOKEN_TYPE}jwt`) {
    return refusals.InvalidRequest(`Parameter subject_token_type must be ${TOKEN_TYPE}jwt.`);
  }
  if (!issuedTypes.includes(form.get("requested_token_type"))) {
    return refusals.InvalidRequest(`Parameter requested_token_type must be ${TOKEN_TYPE}access_token, or left out.`);
  }
  if (form.has("actor_token")) return refusals.InvalidRequest("Delegation is not supported: leave actor_token out.");
  if (form.has("resource")) return refusals.InvalidRequest("Name the target in parameter audience, not resource.");
  return undefined;
}

function selectorsIn(form: Parameters): IdentitySelector[] {
  const selectors: IdentitySelector[] = [];
  for (const [parameter, by] of [
    ["client_id", "clientId"],
    ["object_id", "objectId"],
    ["resource_id", "resourceId"],
  ] as const) {
    const value = form.get(parameter);
    if (value !== undefined) selectors.push({ by, value });
  }
  return selectors;
}

function selectorProblem(selectors: readonly IdentitySelector[]): Refusal | undefined {
  const [selector, another] = selectors;
  if (another !== undefined) {
    return refusals.InvalidRequest("client_id, object_id and resource_id exclude each other: send one of them.");
  }
  return selector === undefined || selector.by === "default" ? undefined : nameProblem(selector.by, selector.value);
}
