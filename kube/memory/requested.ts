import { isRecord } from "../../identity/json-equal.ts";
import type { Manifest } from "../api.ts";
import type { Kind } from "../kind.ts";
import { omit, type PlainMap } from "./plain-value.ts";

/** What the server alone writes; in a request these fields say which object is meant, or nothing. */
const SERVER_METADATA = [
  ...["uid", "resourceVersion", "generation", "selfLink"],
  ...["creationTimestamp", "deletionTimestamp", "managedFields"],
];

/** What a write of the object itself may set: not the server's fields, and not a status that is a resource of its own. */
export function mainFields({ statusSubresource }: Kind, manifest: Manifest): Manifest {
  const fields = statusSubresource ? omit(manifest, ["status"]) : manifest;
  return asManifest(manifest, { ...fields, metadata: omit(manifest.metadata, SERVER_METADATA) });
}

/** What a write of the status subresource may set. */
export function statusFields({ status }: Manifest): PlainMap {
  return status === undefined ? {} : { status };
}

/** Fields as the object that a manifest names. */
export function asManifest({ apiVersion, kind, metadata }: Manifest, fields: PlainMap): Manifest {
  const { name, namespace } = metadata;
  const identity = namespace === undefined ? { name } : { name, namespace };
  return {
    ...fields,
    apiVersion,
    kind,
    metadata: { ...(isRecord(fields.metadata) ? fields.metadata : {}), ...identity },
  };
}

/** The fields that can have owners: all that do not identify the object. */
export function ownableFields(object: PlainMap): PlainMap {
  const metadata = isRecord(object.metadata) ? omit(object.metadata, ["name", "namespace"]) : {};
  const fields = omit(object, ["apiVersion", "kind", "metadata"]);
  return Object.keys(metadata).length === 0 ? fields : { ...fields, metadata };
}
