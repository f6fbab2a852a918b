import { refusals } from "../../identity/reasons.ts";
import { Refused } from "../endpoint.ts";
import { parseForm } from "../form.ts";
import type { HttpRequest } from "../http-message.ts";

/** RFC 7662 §2.1. `token_type_hint` changes nothing, since there is one type. */
export function parseIntrospection({
  request,
}: {
  readonly request: Pick<HttpRequest, "body">;
}): { readonly token: string } | Refused {
  const form = parseForm(request.body);
  if (form.kind === "refused") return new Refused(form.refusal);
  const token = form.parameters.get("token");
  if (token === undefined)
    return new Refused(refusals.InvalidRequest("Parameter token is missing: send it in the form."));
  return { token };
}
