import { hash } from "node:crypto";
import { deletedSecretBundle, secretBundle, versionItem } from "../protocol/bundle.ts";
import { parseNewVersion, parseWishedAttributes } from "../protocol/parse-body.ts";
import { VaultError, vaultErrors } from "../protocol/vault-error.ts";
import {
  active,
  deleted,
  deleteSecret as deletion,
  purgeSecret as purging,
  recoverSecret as recovery,
  setSecret as setting,
  updateSecret as updating,
} from "../secret/change-secret.ts";
import { isDeleted, newestOf } from "../secret/secret.ts";
import type { Written } from "../storage/secret-store.ts";
import { bundleContext, type Done, type OperationContext } from "./operation-context.ts";

type Outcome = Promise<Done | VaultError>;

/** The value of a version, the newest when none is named. */
export async function getSecret(name: string, id: string | undefined, context: OperationContext): Outcome {
  const unchanged = notModified(name, id, context);
  if (unchanged !== undefined) return unchanged;
  const asked = await context.store.read(context.vault, name);
  const secret = active(asked);
  if (secret instanceof VaultError) return secret;
  const version = id === undefined ? newestOf(secret.versions) : secret.versions.find((one) => one.id === id);
  if (version === undefined) return vaultErrors.SecretNotFound(name);
  if (!version.enabled) return vaultErrors.SecretDisabled();
  const etag = entityTag(asked.resourceVersion ?? "", version.id, context);
  return { status: 200, body: secretBundle(secret, version, bundleContext(context)), version: version.id, etag };
}

/**
 * A client that asks again and again, as the sidecar does for files, sends the tag of what it has. While the object has
 * not changed, the answer is made from memory: the API server is not asked for all versions of the value.
 */
function notModified(name: string, id: string | undefined, context: OperationContext): Done | undefined {
  if (context.ifNoneMatch === undefined) return undefined;
  const found = context.index.find(context.vault, name);
  if (found === undefined) return undefined;
  const version = id ?? found.newest.id;
  const etag = entityTag(found.resourceVersion, version, context);
  return context.ifNoneMatch === etag ? { status: 304, version, etag } : undefined;
}

/** Another one after every change of the secret, of one of its versions, or of how long the vault keeps what is deleted. */
function entityTag(resourceVersion: string, version: string, { vault, base }: OperationContext): string {
  const of = [vault.uid, vault.recoverableDays, base, resourceVersion, version].join(" ");
  return `"${hash("sha256", of, "base64url").slice(0, 22)}"`;
}

export async function setSecret(name: string, context: OperationContext): Outcome {
  const wished = parseNewVersion(context.body);
  if (wished instanceof VaultError) return wished;
  const { uid, namespace, name: vaultName } = context.vault;
  const [id, vault] = [context.newVersion(), { uid, namespace, name: vaultName }];
  const written = await context.store.change(vault, name, (asked) =>
    setting(asked, vault, { id, ...wished }, context.mostVersions),
  );
  return reply(written, ({ secret, version }) => secretBundle(secret, version, bundleContext(context)));
}

export async function updateSecret(name: string, id: string | undefined, context: OperationContext): Outcome {
  const wished = parseWishedAttributes(context.body);
  if (wished instanceof VaultError) return wished;
  const written = await context.store.change(context.vault, name, (asked) => updating(asked, id, wished));
  return reply(written, ({ secret, version }) => versionItem(secret, version, bundleContext(context)));
}

export async function deleteSecret(name: string, context: OperationContext): Outcome {
  const { recoverableDays } = context.vault;
  const written = await context.store.change(context.vault, name, (asked) => deletion(asked, recoverableDays));
  return reply(written, ({ secret }) => (isDeleted(secret) ? deletedSecretBundle(secret, context) : {}));
}

export async function getDeletedSecret(name: string, context: OperationContext): Outcome {
  const secret = deleted(await context.store.read(context.vault, name));
  if (secret instanceof VaultError) return secret;
  return { status: 200, body: deletedSecretBundle(secret, context), version: newestOf(secret.versions).id };
}

export async function recoverDeletedSecret(name: string, context: OperationContext): Outcome {
  const written = await context.store.change(context.vault, name, recovery);
  return reply(written, ({ secret, version }) => versionItem(secret, version, bundleContext(context)));
}

export async function purgeDeletedSecret(name: string, context: OperationContext): Outcome {
  const written = await context.store.change(context.vault, name, purging);
  return written instanceof VaultError ? written : { status: 204 };
}

function reply(written: Written | undefined | VaultError, body: (written: Written) => Done["body"]): Done | VaultError {
  if (written instanceof VaultError) return written;
  return written === undefined
    ? { status: 200 }
    : { status: 200, body: body(written) ?? {}, version: written.version.id };
}
