import { type Refusal, refusals } from "../../identity/reasons.ts";
import type { AuditNotes } from "../audit.ts";
import { Refused } from "../endpoint.ts";
import { parseForm } from "../form.ts";
import type { HttpRequest } from "../http-message.ts";
import { parseClientCredentials } from "./parse-client-credentials.ts";
import { parseTokenExchange } from "./parse-token-exchange.ts";
import type { ParsedTokenRequest, TokenRequest } from "./token-request.ts";

const TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";

interface Context {
  readonly request: Pick<HttpRequest, "body">;
  readonly notes: AuditNotes;
}

/** RFC 8693 §2.1, RFC 6749 §4.4 with RFC 7523 §2.2. */
export function parseTokenRequest({ request, notes }: Context): { readonly asked: TokenRequest } | Refused {
  const parsed = parseTokenForm(request.body);
  if (parsed.kind === "refused") return new Refused(parsed.refusal);
  notes.grantType = parsed.request.grantType;
  notes.audience = parsed.request.audience;
  return { asked: parsed.request };
}

export function parseTokenForm(body: string): ParsedTokenRequest {
  const form = parseForm(body);
  if (form.kind === "refused") return form;
  const grantType = form.parameters.get("grant_type");
  if (grantType === TOKEN_EXCHANGE) return parseTokenExchange(form.parameters);
  if (grantType === "client_credentials") return parseClientCredentials(form.parameters);
  return { kind: "refused", refusal: unsupported(grantType) };
}

function unsupported(grantType: string | undefined): Refusal {
  if (grantType === undefined) return refusals.InvalidRequest("Parameter grant_type is missing: send it in the form.");
  return refusals.UnsupportedGrantType(grantType.slice(0, 64));
}
