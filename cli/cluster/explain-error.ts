import { API_GROUP } from "../../identity/names.ts";
import { CredentialsError } from "../../kube/client/credentials-error.ts";
import { StatusError } from "../../kube/status-error.ts";
import { requestedResource, rightToAskFor } from "./missing-right.ts";
import { RequestError } from "./request-error.ts";

/** What a person is told when the cluster did not do what was asked; undefined for what is nobody's mistake but ours. */
export function explainClusterError(error: unknown): string | undefined {
  if (!(error instanceof StatusError)) return undefined;
  if (error instanceof RequestError) return explainRequest(error);
  return explainReason(error);
}

function explainRequest(error: RequestError): string {
  const { request, reason } = error;
  if (reason === "Forbidden") {
    return `You may not ${request.verb} ${requestedResource(request)}.\n${rightToAskFor(request)}`;
  }
  // A list of objects is found even when it is empty: only that of a kind which the server does not know is not.
  if (reason === "NotFound" && request.verb === "list" && request.kind.apiVersion.startsWith(`${API_GROUP}/`)) {
    return `This cluster does not know ${request.kind.plural}.${API_GROUP}: Lanyard is not installed in it, or an older version is. Install its chart (docs/how-to/install.md), or choose another cluster with --context.`;
  }
  return explainReason(error);
}

function explainReason(error: StatusError): string {
  const { reason, message } = error;
  if (error instanceof CredentialsError || error.cause instanceof CredentialsError) {
    return `${message}\nLog in again, or choose another user with --kubeconfig or --context.`;
  }
  switch (reason) {
    case "ServiceUnavailable":
      return `${message}\nStart the cluster, or choose another with --kubeconfig or --context.`;
    case "Unauthorized":
      return `The cluster does not know who you are: ${message}\nLog in again, or choose another user with --kubeconfig or --context.`;
    case "TooManyRequests":
      return `The API server has too much to do: ${message}\nTry again in a moment.`;
    default:
      return `The API server refused: ${message}`;
  }
}
