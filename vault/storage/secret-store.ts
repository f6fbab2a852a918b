import type { KubeApi } from "../../kube/api.ts";
import type { Clock } from "../../kube/clock.ts";
import { isStatus, StatusError } from "../../kube/status-error.ts";
import { VaultError, vaultErrors } from "../protocol/vault-error.ts";
import type { Asked, SecretChange } from "../secret/change-secret.ts";
import type { Secret, SecretVersion, VaultReference } from "../secret/secret.ts";
import { bytesOf } from "./indexed-secret.ts";
import type { Admission, Quota } from "./quota.ts";
import type { SecretIndex } from "./secret-index.ts";
import { dataOf, emptyManifest, manifestOf, objectNameOf, type StoredSecret, storedSecrets } from "./stored-secret.ts";

interface SecretStoreOptions {
  readonly api: KubeApi;
  readonly clock: Clock;
  readonly namespace: string;
  readonly index: Pick<SecretIndex, "seen">;
  /** Unlimited where it is left out, as for an administrator who adopts. */
  readonly quota?: Pick<Quota, "admit">;
}

/** Of several writers of one secret one gets through at a time, so that this many others may write at once. */
const MOST_ATTEMPTS = 50;
const NOT_LIMITED: Exclude<Admission, VaultError> = { done: () => {} };
const FIELD_MANAGER = "lanyard-vault";

export type Written = { readonly secret: Secret; readonly version: SecretVersion };

/**
 * Secrets as Kubernetes holds them: read when they are asked for, never kept. What is written was decided from what is
 * replaced (the resourceVersion says so), or it is decided anew: so several replicas may write at once.
 */
export class SecretStore {
  readonly #options: SecretStoreOptions;

  constructor(options: SecretStoreOptions) {
    this.#options = options;
  }

  async read(vault: Pick<VaultReference, "uid">, name: string): Promise<Asked> {
    const stored = await this.#find(objectNameOf(vault, name));
    return this.#asked(name, stored);
  }

  /** Does what `decide` says of the secret as it is then. Undefined: it was removed. */
  async change(
    vault: Pick<VaultReference, "uid">,
    name: string,
    decide: (asked: Asked) => SecretChange,
  ): Promise<Written | undefined | VaultError> {
    const object = objectNameOf(vault, name);
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      const stored = await this.#find(object);
      const change = decide(this.#asked(name, stored));
      if (change.kind === "refused") return change.error;
      const outcome = await this.#carryOut(object, stored, change);
      if (outcome === "overtaken") continue;
      if (outcome instanceof VaultError) return outcome;
      return change.kind === "write" ? change : undefined;
    }
    return vaultErrors.ServiceUnavailable(`Secret ${name} is being changed by too many others at once`);
  }

  async #carryOut(
    object: string,
    stored: StoredSecret | undefined,
    change: Exclude<SecretChange, { kind: "refused" }>,
  ): Promise<"done" | "overtaken" | VaultError> {
    const admission = change.kind === "write" ? this.#admit(change.secret, stored) : NOT_LIMITED;
    if (admission instanceof VaultError) return admission;
    try {
      const version = await this.#write(object, stored, change).catch(overtaken);
      if (version === "overtaken") return version;
      await this.#options.index.seen(object, version);
      return "done";
    } finally {
      admission.done();
    }
  }

  #admit(secret: Secret, stored: StoredSecret | undefined): Admission {
    const { quota } = this.#options;
    if (quota === undefined) return NOT_LIMITED;
    const before = stored?.secret;
    const bytes = bytesOf(dataOf(secret)) - (before === undefined ? 0 : bytesOf(dataOf(before)));
    return quota.admit(secret.vault, { secrets: before === undefined ? 1 : 0, bytes });
  }

  #asked(name: string, stored: StoredSecret | undefined): Asked {
    const { resourceVersion } = stored?.metadata ?? {};
    return { name, current: stored?.secret, resourceVersion, now: Math.floor(this.#options.clock.now() / 1000) };
  }

  async #find(name: string): Promise<StoredSecret | undefined> {
    const { api, namespace } = this.#options;
    try {
      return await api.get(storedSecrets, { namespace, name });
    } catch (error) {
      if (isStatus(error, "NotFound")) return undefined;
      throw error;
    }
  }

  /** Returns the version of the object written; undefined when it was removed. */
  async #write(
    name: string,
    stored: StoredSecret | undefined,
    change: Exclude<SecretChange, { kind: "refused" }>,
  ): Promise<string | undefined> {
    const { api, namespace } = this.#options;
    if (change.kind === "remove") {
      const resourceVersion = stored?.metadata.resourceVersion;
      await api.delete(
        storedSecrets,
        { namespace, name },
        resourceVersion === undefined ? {} : { preconditions: { resourceVersion } },
      );
      return undefined;
    }
    const { metadata } = stored ?? (await api.create(storedSecrets, emptyManifest(namespace, name)));
    const manifest = manifestOf(change.secret, namespace, metadata.resourceVersion);
    const written = await api.apply(storedSecrets, manifest, { fieldManager: FIELD_MANAGER, force: true });
    return written.metadata.resourceVersion;
  }
}

/** Somebody else was faster: what they wrote is looked at next. */
function overtaken(error: unknown): "overtaken" {
  const reasons = ["Conflict", "AlreadyExists", "NotFound"];
  if (error instanceof StatusError && reasons.includes(error.reason)) return "overtaken";
  throw error;
}
