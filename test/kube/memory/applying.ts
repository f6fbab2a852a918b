import { isRecord } from "../../../identity/json-equal.ts";
import { readManagedFields } from "../../../kube/memory/managed-fields.ts";
import { omit, type PlainMap } from "../../../kube/memory/plain-value.ts";
import { ownableFields } from "../../../kube/memory/requested.ts";
import { serverSideApply } from "../../../kube/memory/server-side-apply.ts";

/** Server-side apply by itself: who applies what onto which object. */
const IDENTITY = { apiVersion: "example.com/v1", kind: "Widget", metadata: { name: "one" } };

export interface Application {
  readonly by: string;
  readonly configuration: PlainMap;
  readonly force?: boolean;
}

export function apply(live: PlainMap | undefined, { by, configuration, force = true }: Application): PlainMap {
  const manager = { name: by, operation: "Apply" as const };
  const metadata = { ...(isRecord(configuration.metadata) ? configuration.metadata : {}), ...IDENTITY.metadata };
  const request = { apiVersion: IDENTITY.apiVersion, time: "2026-11-21T12:00:00Z", manager, force, live };
  return serverSideApply({ ...request, configuration: { ...IDENTITY, ...configuration, metadata } });
}

export const applyAll = (applications: readonly Application[]): PlainMap | undefined =>
  applications.reduce<PlainMap | undefined>(apply, undefined);

export const metadataOf = (object: PlainMap): PlainMap => (isRecord(object.metadata) ? object.metadata : {});
export const contents = (object: PlainMap): PlainMap =>
  ownableFields({ ...object, metadata: omit(metadataOf(object), ["managedFields"]) });
export const owners = (object: PlainMap) => readManagedFields(metadataOf(object).managedFields);
