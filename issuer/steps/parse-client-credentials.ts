import { type Refusal, refusals } from "../../identity/reasons.ts";
import { missing, nameProblem, tokenProblem } from "./token-parameter.ts";
import type { ParsedTokenRequest } from "./token-request.ts";

const JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/** How Entra ID's clients write "this resource, with every role that I have". */
const DEFAULT_SCOPE = "/.default";

type Parameters = ReadonlyMap<string, string>;

/** RFC 6749 §4.4 with a JWT as the client's credential (RFC 7523 §2.2): what workload-identity credentials send. */
export function parseClientCredentials(form: Parameters): ParsedTokenRequest {
  const refusal = problem(form);
  if (refusal !== undefined) return { kind: "refused", refusal };
  const scope = (form.get("scope") ?? "").trim();
  const audience = scope.slice(0, -DEFAULT_SCOPE.length);
  if (!scope.endsWith(DEFAULT_SCOPE) || nameProblem("scope", audience) !== undefined) {
    return { kind: "refused", refusal: refusals.InvalidScope(shown(scope)) };
  }
  return {
    kind: "parsed",
    request: {
      grantType: "client_credentials",
      subjectToken: form.get("client_assertion") ?? "",
      audience,
      selector: { by: "clientId", value: form.get("client_id") ?? "" },
    },
  };
}

function problem(form: Parameters): Refusal | undefined {
  if (form.get("client_assertion_type") !== JWT_BEARER) {
    return refusals.InvalidRequest(
      `Parameter client_assertion_type must be ${JWT_BEARER}: a managed identity has no secret.`,
    );
  }
  const assertion = tokenProblem("client_assertion", form.get("client_assertion"));
  if (assertion !== undefined) return assertion;
  if (!form.has("client_id")) return missing("client_id");
  return (
    nameProblem("client_id", form.get("client_id")) ?? (form.has("scope") ? undefined : refusals.ResourceMissing())
  );
}

const shown = (scope: string): string => scope.replaceAll(/[^\x20-\x7e]/g, "?").slice(0, 128);
