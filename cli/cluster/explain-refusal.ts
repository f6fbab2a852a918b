import type { KubeApi } from "../../kube/api.ts";
import { explainClusterError } from "./explain-error.ts";
import { RequestError } from "./request-error.ts";
import { mayI } from "./self-access-review.ts";

/**
 * Why the API server would not write an object: for want of a right, or because of a rule about what is written (a
 * guard, a schema), whose own words say it best. Undefined for an error that is neither.
 */
export async function explainRefusal(error: unknown, api: KubeApi): Promise<string | undefined> {
  if (!(error instanceof RequestError)) return undefined;
  if (error.reason === "Invalid" || error.reason === "BadRequest") return `The API server refused it: ${error.message}`;
  if (error.reason !== "Forbidden") return undefined;
  const isGuarded = (await mayI(api, error.request)) === true;
  return isGuarded ? `A guard of the cluster refused it: ${error.message}` : explainClusterError(error);
}
