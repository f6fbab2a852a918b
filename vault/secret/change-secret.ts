import { vaultLimits } from "../limits.ts";
import { VaultError, vaultErrors } from "../protocol/vault-error.ts";
import {
  type Deleted,
  isDeleted,
  isGone,
  newestOf,
  type Secret,
  type SecretVersion,
  type VaultReference,
} from "./secret.ts";

/** What becomes of a secret: it is written, removed for good, or left as it is because the request is refused. */
export type SecretChange =
  | { readonly kind: "write"; readonly secret: Secret; readonly version: SecretVersion }
  | { readonly kind: "remove" }
  | { readonly kind: "refused"; readonly error: VaultError };

/** Attributes that a client may set; what it leaves out is undefined. */
export interface WishedAttributes {
  readonly enabled?: boolean | undefined;
  readonly notBefore?: number | undefined;
  readonly expires?: number | undefined;
  readonly contentType?: string | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

export interface NewVersion extends WishedAttributes {
  readonly id: string;
  readonly value: string;
}

/** A secret by the name that was asked for, as it is stored; undefined when there is none. */
export interface Asked {
  readonly name: string;
  readonly current: Secret | undefined;
  /** Of the object that holds it. */
  readonly resourceVersion?: string | undefined;
  /** Seconds since the epoch. */
  readonly now: number;
}

/** A new version, which is the newest from now on. The name of a deleted secret is in use until it is purged. */
export function setSecret(
  asked: Asked,
  vault: VaultReference,
  wished: NewVersion,
  mostVersions: number = vaultLimits.versionsPerSecret,
): SecretChange {
  const { name, now } = asked;
  const current = stillThere(asked);
  if (current?.deletion !== undefined) return refused(vaultErrors.DeletedButRecoverable(current.name));
  const { id, value, enabled = true, ...attributes } = wished;
  const version = { id, value, enabled, ...given(attributes), created: now, updated: now };
  const versions = [...(current?.versions ?? []), version].slice(-mostVersions);
  return { kind: "write", secret: { ...(current ?? { vault, name }), versions }, version };
}

/** Changes what is given of a version, the newest when none is named, and leaves the rest. */
export function updateSecret(asked: Asked, id: string | undefined, wished: WishedAttributes): SecretChange {
  const current = active(asked);
  if (current instanceof VaultError) return refused(current);
  const before = id === undefined ? newestOf(current.versions) : current.versions.find((one) => one.id === id);
  if (before === undefined) return refused(vaultErrors.SecretNotFound(asked.name));
  const version = { ...before, ...given(wished), updated: asked.now };
  const versions = current.versions.map((one) => (one === before ? version : one));
  return { kind: "write", secret: { ...current, versions }, version };
}

const SECONDS_PER_DAY = 86_400;

/** Takes a secret out of use; it can be recovered for so many days. */
export function deleteSecret(asked: Asked, recoverableDays: number): SecretChange {
  const current = active(asked);
  if (current instanceof VaultError) return refused(current);
  const deletion = { deleted: asked.now, scheduledPurge: asked.now + recoverableDays * SECONDS_PER_DAY };
  return { kind: "write", secret: { ...current, deletion }, version: newestOf(current.versions) };
}

/** Brings a deleted secret back, with all its versions. */
export function recoverSecret(asked: Asked): SecretChange {
  const current = deleted(asked);
  if (current instanceof VaultError) return refused(current);
  const { deletion: _, ...secret } = current;
  return { kind: "write", secret, version: newestOf(secret.versions) };
}

/** Removes a deleted secret for good. */
export function purgeSecret(asked: Asked): SecretChange {
  const current = deleted(asked);
  return current instanceof VaultError ? refused(current) : { kind: "remove" };
}

/** A deleted secret that was adopted can be recovered for at least this long, also if its time ran out before. */
const DAYS_AFTER_ADOPTION = 7;

/** Puts a secret of an earlier vault into this one. A secret of the same name is never overwritten. */
export function adoptSecret({ current, now }: Asked, earlier: Secret, vault: VaultReference): SecretChange {
  if (current !== undefined) return refused(vaultErrors.SecretNameInUse(current.name));
  const { name, versions, deletion } = earlier;
  const soonest = now + DAYS_AFTER_ADOPTION * SECONDS_PER_DAY;
  const secret = {
    ...{ vault, name, versions },
    ...(deletion && { deletion: { ...deletion, scheduledPurge: Math.max(deletion.scheduledPurge, soonest) } }),
  };
  return { kind: "write", secret, version: newestOf(versions) };
}

/** Removes what nobody can recover any more; anything else stays as it is. */
export function purgeWhenDue(asked: Asked): SecretChange {
  const { current, name, now } = asked;
  return current !== undefined && isGone(current, now)
    ? { kind: "remove" }
    : refused(vaultErrors.DeletedSecretNotFound(name));
}

/** The secret, when it is in use. */
export function active(asked: Asked): Secret | VaultError {
  const current = stillThere(asked);
  return current === undefined || isDeleted(current) ? vaultErrors.SecretNotFound(asked.name) : current;
}

/** The secret, when it is deleted and can be recovered. */
export function deleted(asked: Asked): Deleted<Secret> | VaultError {
  const current = stillThere(asked);
  return current !== undefined && isDeleted(current) ? current : vaultErrors.DeletedSecretNotFound(asked.name);
}

function stillThere({ current, now }: Asked): Secret | undefined {
  return current === undefined || isGone(current, now) ? undefined : current;
}

const refused = (error: VaultError): SecretChange => ({ kind: "refused", error });

/** Without what was left out: an attribute that is not given is not changed. */
function given({ enabled, notBefore, expires, contentType, tags }: WishedAttributes): Partial<SecretVersion> {
  return {
    ...(enabled === undefined ? {} : { enabled }),
    ...(notBefore === undefined ? {} : { notBefore }),
    ...(expires === undefined ? {} : { expires }),
    ...(contentType === undefined ? {} : { contentType }),
    ...(tags === undefined ? {} : { tags: { ...tags } }),
  };
}
