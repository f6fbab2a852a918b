import {
  type Deleted,
  type Deletion,
  newestOf,
  type SecretOutline,
  type SecretVersion,
  type VersionAttributes,
} from "../secret/secret.ts";

/** What the identifiers in a reply begin with, and how long the vault keeps what is deleted. */
export interface BundleContext {
  /** `https://HOST`, as the client wrote it. */
  readonly base: string;
  readonly recoverableDays: number;
}

type Json = Readonly<Record<string, unknown>>;
type Named = Pick<SecretOutline, "name">;

const LONGEST_RETENTION_DAYS = 90;
const SECONDS_PER_DAY = 86_400;

/** https://learn.microsoft.com/en-us/rest/api/keyvault/secrets/get-secret/get-secret#secretbundle */
export function secretBundle(secret: Named, version: SecretVersion, context: BundleContext): Json {
  return { value: version.value, ...versionItem(secret, version, context) };
}

/** One version without its value: the reply to an update, and an entry in a list of versions. */
export function versionItem({ name }: Named, version: VersionAttributes, context: BundleContext): Json {
  return { id: `${context.base}/secrets/${name}/${version.id}`, ...described(version, context.recoverableDays) };
}

/** A secret in a list: what its newest version says, by an identifier without version. */
export function secretItem({ name, newest }: Listed, { base, recoverableDays }: BundleContext): Json {
  return { id: `${base}/secrets/${name}`, ...described(newest, recoverableDays) };
}

/** A secret as a list shows it. */
export interface Listed extends Named {
  readonly newest: VersionAttributes;
}

type DeletedNamed = Named & { readonly deletion: Deletion };

/** https://learn.microsoft.com/en-us/rest/api/keyvault/secrets/delete-secret/delete-secret#deletedsecretbundle */
export function deletedSecretBundle(secret: Deleted<SecretOutline>, { base }: Pick<BundleContext, "base">): Json {
  const context = { base, recoverableDays: recoverableDaysOf(secret) };
  return { ...deletion(secret, base), ...versionItem(secret, newestOf(secret.versions), context) };
}

export function deletedSecretItem(secret: Listed & DeletedNamed, { base }: Pick<BundleContext, "base">): Json {
  return { ...deletion(secret, base), ...secretItem(secret, { base, recoverableDays: recoverableDaysOf(secret) }) };
}

function deletion({ name, deletion: { deleted, scheduledPurge } }: DeletedNamed, base: string): Json {
  return {
    recoveryId: `${base}/deletedsecrets/${name}`,
    deletedDate: deleted,
    scheduledPurgeDate: scheduledPurge,
  };
}

function recoverableDaysOf({ deletion: { deleted, scheduledPurge } }: DeletedNamed): number {
  return Math.round((scheduledPurge - deleted) / SECONDS_PER_DAY);
}

/** What is undefined is not in the JSON. */
function described(version: VersionAttributes, recoverableDays: number): Json {
  const { enabled, notBefore: nbf, expires: exp, created, updated, contentType, tags } = version;
  const recoveryLevel =
    recoverableDays < LONGEST_RETENTION_DAYS ? "CustomizedRecoverable+Purgeable" : "Recoverable+Purgeable";
  return {
    contentType,
    attributes: { enabled, nbf, exp, created, updated, recoveryLevel, recoverableDays },
    tags,
  };
}
