import { z } from "zod";

/** Seconds since the epoch, as Key Vault counts. */
const time = z.int().min(0).max(253_402_300_799);

const versionAttributesSchema = z.object({
  id: z.string().regex(/^[0-9a-f]{32}$/),
  enabled: z.boolean(),
  /** For information, as in Key Vault: a secret can be read outside these. */
  notBefore: time.optional(),
  expires: time.optional(),
  created: time,
  updated: time,
  contentType: z.string().optional(),
  tags: z.record(z.string(), z.string()).optional(),
});
/** All that there is to know of a version but its value. */
export type VersionAttributes = z.infer<typeof versionAttributesSchema>;

export interface SecretVersion extends VersionAttributes {
  readonly value: string;
}

const deletionSchema = z.object({ deleted: time, scheduledPurge: time });
export type Deletion = z.infer<typeof deletionSchema>;

const vaultReferenceSchema = z.object({ uid: z.string(), namespace: z.string(), name: z.string() });
/** The ProtectedResource that a secret belongs to. One that is made again under the same name is another vault. */
export type VaultReference = z.infer<typeof vaultReferenceSchema>;

export const secretOutlineSchema = z.object({
  vault: vaultReferenceSchema,
  /** As it was first written; names are compared without regard to case. */
  name: z.string(),
  /** From the oldest to the newest; never empty. */
  versions: z.array(versionAttributesSchema).min(1),
  deletion: deletionSchema.optional(),
});
/** A secret without its values: what a list shows. */
export type SecretOutline = z.infer<typeof secretOutlineSchema>;

/** Deleted, and to be recovered or purged. */
export type Deleted<S extends SecretOutline> = S & { readonly deletion: Deletion };

export function isDeleted<S extends SecretOutline>(secret: S): secret is Deleted<S> {
  return secret.deletion !== undefined;
}

export interface Secret extends SecretOutline {
  readonly versions: SecretVersion[];
}

/** A deleted secret whose time is over is gone, also while nobody has removed it yet. */
export function isGone({ deletion }: { readonly deletion?: Deletion | undefined }, now: number): boolean {
  return deletion !== undefined && deletion.scheduledPurge <= now;
}

export function newestOf<Version extends VersionAttributes>(versions: readonly Version[]): Version {
  const newest = versions.at(-1);
  if (newest === undefined) throw new TypeError("A secret has no version.");
  return newest;
}
