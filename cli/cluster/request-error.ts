import type { Kind } from "../../kube/kind.ts";
import { StatusError } from "../../kube/status-error.ts";

/** RBAC's words. https://kubernetes.io/docs/reference/access-authn-authz/authorization/#determine-the-request-verb */
export type Verb = "get" | "list" | "watch" | "create" | "patch" | "delete";

/** What was asked of the API server, as RBAC would grant it. */
export interface ApiRequest {
  readonly verb: Verb;
  readonly kind: Pick<Kind, "apiVersion" | "plural" | "namespaced">;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
}

/** A refusal of the API server together with what was asked, so that it can be explained without reading its message. */
export class RequestError extends StatusError {
  readonly request: ApiRequest;

  constructor(error: StatusError, request: ApiRequest) {
    super(error.reason, error.message, error.retryAfterSeconds);
    this.cause = error;
    this.request = request;
  }
}
