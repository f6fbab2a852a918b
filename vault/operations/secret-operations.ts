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
  const secret = active(await context.store.read(context.vault, name));
  if (secret instanceof VaultError) return secret;
  const version = id === undefined ? newestOf(secret.versions) : secret.versions.find((one) => one.id === id);
  if (version === undefined) return vaultErrors.SecretNotFound(name);
  if (!version.enabled) return vaultErrors.SecretDisabled();
  return { status: 200, body: secretBundle(secret, version, bundleContext(context)), version: version.id };
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
