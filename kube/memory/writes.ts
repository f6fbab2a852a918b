import { timestamp } from "../../identity/timestamp.ts";
import type { ApplyOptions, DeleteOptions, Manifest } from "../api.ts";
import type { Clock } from "../clock.ts";
import type { Kind } from "../kind.ts";
import type { Lifecycle } from "./lifecycle.ts";
import type { FieldManager } from "./managed-fields.ts";
import type { ObjectStore } from "./object-store.ts";
import { plainCopy } from "./plain-value.ts";
import { alreadyExists, badRequest, conflict, invalid, notFound, notServed } from "./refusal.ts";
import { asManifest, mainFields, statusFields } from "./requested.ts";
import { ownWhole, serverSideApply } from "./server-side-apply.ts";
import type { StoredObject } from "./stored-object.ts";
import { validKey } from "./validate-key.ts";

/** The name that Lanyard's requests go by when they name no field manager. */
const DEFAULT_MANAGER: FieldManager = { name: "lanyard", operation: "Update" };

/** The write requests, each checked against what is stored before anything changes. */
export class Writes {
  readonly #store: ObjectStore;
  readonly #lifecycle: Lifecycle;
  readonly #clock: Clock;

  constructor(store: ObjectStore, lifecycle: Lifecycle, clock: Clock) {
    this.#store = store;
    this.#lifecycle = lifecycle;
    this.#clock = clock;
  }

  create(kind: Kind, given: Manifest): StoredObject {
    const manifest = mainFields(kind, plainCopy(given));
    const key = validKey(kind, manifest);
    if (given.metadata.resourceVersion !== undefined) {
      throw badRequest("resourceVersion should not be set on objects to be created");
    }
    if (this.#store.get(kind, key) !== undefined) throw alreadyExists(kind, key.name);
    const ownership = {
      manager: DEFAULT_MANAGER,
      apiVersion: kind.apiVersion,
      time: timestamp(new Date(this.#clock.now())),
    };
    return this.#lifecycle.create(kind, asManifest(manifest, ownWhole(manifest, ownership)));
  }

  apply(kind: Kind, given: Manifest, options: ApplyOptions): StoredObject {
    const manifest = plainCopy(given);
    const live = this.#store.get(kind, validKey(kind, manifest));
    refuseOtherUid(kind, manifest, live);
    refuseStale(kind, manifest, live);
    const applied = serverSideApply({
      ...this.#request(kind, options, live),
      configuration: mainFields(kind, manifest),
      manager: { name: options.fieldManager, operation: "Apply" },
    });
    const changed = asManifest(manifest, applied);
    return live === undefined ? this.#lifecycle.create(kind, changed) : this.#lifecycle.update(kind, live, changed);
  }

  applyStatus(kind: Kind, given: Manifest, options: ApplyOptions): StoredObject {
    if (!kind.statusSubresource) throw notServed();
    const manifest = plainCopy(given);
    const key = validKey(kind, manifest);
    const live = this.#store.get(kind, key);
    if (live === undefined) throw notFound(kind, key.name);
    refuseStale(kind, manifest, live);
    const applied = serverSideApply({
      ...this.#request(kind, options, live),
      configuration: statusFields(manifest),
      manager: { name: options.fieldManager, operation: "Apply", subresource: "status" },
    });
    return this.#lifecycle.update(kind, live, asManifest(manifest, applied));
  }

  delete(kind: Kind, object: StoredObject, { preconditions }: DeleteOptions): void {
    const { name, uid, resourceVersion } = object.metadata;
    if (preconditions?.uid !== undefined && preconditions.uid !== uid) {
      const why = `the UID in the precondition (${preconditions.uid}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`;
      throw conflict(kind, name, why);
    }
    if (preconditions?.resourceVersion !== undefined && preconditions.resourceVersion !== resourceVersion) {
      const why = `the ResourceVersion in the precondition (${preconditions.resourceVersion}) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`;
      throw conflict(kind, name, why);
    }
    this.#lifecycle.delete(kind, object);
  }

  #request({ apiVersion }: Kind, { force = false }: ApplyOptions, live: StoredObject | undefined) {
    return { apiVersion, force, live, time: timestamp(new Date(this.#clock.now())) };
  }
}

/** A write that names a UID means that one object. The status subresource does not look at it. */
function refuseOtherUid(kind: Kind, { metadata: { name, uid } }: Manifest, live: StoredObject | undefined): void {
  if (uid === undefined || uid === live?.metadata.uid) return;
  if (live !== undefined) throw invalid(kind, name, `metadata.uid: Invalid value: "${uid}": field is immutable`);
  const why = `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`;
  throw conflict(kind, name, why);
}

/** A write that names a version means the object as it was then. */
function refuseStale(kind: Kind, { metadata }: Manifest, live: StoredObject | undefined): void {
  const { name, resourceVersion, managedFields } = metadata;
  if (managedFields !== undefined) throw badRequest("metadata.managedFields must be nil");
  if (resourceVersion !== undefined && resourceVersion !== live?.metadata.resourceVersion) {
    throw conflict(
      kind,
      name,
      "the object has been modified; please apply your changes to the latest version and try again",
    );
  }
}
