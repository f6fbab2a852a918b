import { refusals } from "../../identity/reasons.ts";
import { bearerToken } from "../../kube/bearer-token.ts";
import { Refused } from "../endpoint.ts";
import type { HttpRequest } from "../http-message.ts";

interface Context {
  readonly request: Pick<HttpRequest, "headers">;
}

/** A GET has no form, so that the pod's ServiceAccount token comes in the header (RFC 6750 §2.1). */
export function parseBearer({ request }: Context): { readonly asked: { readonly subjectToken: string } } | Refused {
  const subjectToken = bearerToken(request.headers.authorization);
  return subjectToken === undefined ? new Refused(refusals.AuthenticationRequired()) : { asked: { subjectToken } };
}
