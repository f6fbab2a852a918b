import type { Rule } from "./dialect.ts";
import { refusals } from "./refusals.ts";

/** A page or a careless fetch of a POST form reaches nothing. */
export const onlyGet: Rule = (request) => (request.method === "GET" ? undefined : refusals.MethodNotAllowed());

/** A URL alone, which is all that most request forgeries control, cannot set a header. */
export const metadataHeader: Rule = (request) =>
  isTrue(request.headers.get("metadata")) ? undefined : refusals.MetadataHeaderMissing();

/** Only who could read the container's environment knows this value. */
export const endpointHeader: Rule = (request, endpoint) =>
  sameSecret(request.headers.get("x-identity-header"), endpoint.header) ? undefined : refusals.EndpointHeaderInvalid();

/** Either proof will do; a wrong secret is never healed by the other header. */
export const metadataOrEndpointHeader: Rule = (request, endpoint) =>
  request.headers.has("x-identity-header") ? endpointHeader(request, endpoint) : metadataHeader(request, endpoint);

function isTrue(value: string | null): boolean {
  return value === "true" || value?.toLowerCase() === "true";
}

/**
 * Compares in a time that depends on the lengths alone. By hand, because importing node:crypto costs each pod's
 * process memory that nothing else here needs.
 */
function sameSecret(given: string | null, secret: string): boolean {
  if (given === null || given.length !== secret.length) return false;
  let difference = 0;
  for (let index = 0; index < secret.length; index++) {
    difference |= given.charCodeAt(index) ^ secret.charCodeAt(index);
  }
  return difference === 0;
}
