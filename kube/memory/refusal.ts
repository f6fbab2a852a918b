import type { Kind } from "../kind.ts";
import { StatusError } from "../status-error.ts";

/** The refusals in the API server's own words: people search for them, and log filters match them. */

/** `pods`, `managedidentities.lanyard.dev`. */
function resourceText({ apiVersion, plural }: Kind): string {
  return qualified(apiVersion, plural);
}

function qualified(apiVersion: string, name: string): string {
  const [group, version] = apiVersion.split("/");
  return version === undefined ? name : `${name}.${group}`;
}

export const ended = ({ plural }: Kind): StatusError =>
  new StatusError("ServiceUnavailable", `The list of ${plural} was ended before it was there.`);

export const notFound = (kind: Kind, name: string): StatusError =>
  new StatusError("NotFound", `${resourceText(kind)} "${name}" not found`);

export const notServed = (): StatusError =>
  new StatusError("NotFound", "the server could not find the requested resource");

export const alreadyExists = (kind: Kind, name: string): StatusError =>
  new StatusError("AlreadyExists", `${resourceText(kind)} "${name}" already exists`);

export const conflict = (kind: Kind, name: string, why: string): StatusError =>
  new StatusError("Conflict", `Operation cannot be fulfilled on ${resourceText(kind)} "${name}": ${why}`);

export const invalid = (kind: Kind, name: string, why: string): StatusError =>
  new StatusError("Invalid", `${qualified(kind.apiVersion, kind.kind)} "${name}" is invalid: ${why}`);

export const terminating = (kind: Kind, name: string, namespace: string): StatusError =>
  new StatusError(
    "Forbidden",
    `${resourceText(kind)} "${name}" is forbidden: unable to create new content in namespace ${namespace} because it is being terminated`,
  );

export const expired = (version: string, oldest: number): StatusError =>
  new StatusError("Expired", `too old resource version: ${version} (${oldest})`);

export const badRequest = (why: string): StatusError => new StatusError("BadRequest", why);
