import { readFile } from "node:fs/promises";
import { isDnsLabel } from "../../identity/dns-name.ts";
import { isSecretName } from "../../identity/secret-files.ts";
import type { KubeApi } from "../../kube/api.ts";
import type { Clock } from "../../kube/clock.ts";
import { protectedResources } from "../../kube/kinds.ts";
import { parseNewVersion } from "../../vault/protocol/parse-body.ts";
import { VaultError } from "../../vault/protocol/vault-error.ts";
import { type Asked, setSecret } from "../../vault/secret/change-secret.ts";
import { SecretStore } from "../../vault/storage/secret-store.ts";
import { randomVersion } from "../../vault/vault.ts";
import { UsageError } from "../usage-error.ts";
import { find } from "./apply-manifests.ts";

/** A secret that a vault begins with: the vaults of a laptop are in memory, and empty else. */
export interface FirstSecret {
  readonly namespace: string;
  readonly vault: string;
  readonly name: string;
  /** Its content is the value: on a command line others could read it. */
  readonly file: string;
}

/** `NAMESPACE/VAULT/NAME=FILE`; otherwise a sentence that says what was expected. */
export function parseFirstSecret(text: string): FirstSecret | { readonly problem: string } {
  const equals = text.indexOf("=");
  const [namespace = "", vault = "", name = "", ...rest] = text.slice(0, Math.max(equals, 0)).split("/");
  const file = text.slice(equals + 1);
  const isNamed = isDnsLabel(namespace) && isDnsLabel(vault) && isSecretName(name) && rest.length === 0;
  if (isNamed && file !== "") return { namespace, vault, name, file };
  return { problem: "Expected NAMESPACE/VAULT/NAME=FILE, such as payments/payments-vault/db-password=password.txt." };
}

interface Vaults {
  readonly api: KubeApi;
  readonly clock: Clock;
  /** Where the vault keeps its Secrets. */
  readonly namespace: string;
}

/** Puts secrets into their vaults. Throws a UsageError for one that no vault can hold. */
export async function putFirstSecrets(secrets: readonly FirstSecret[], { api, ...place }: Vaults): Promise<void> {
  const store = new SecretStore({ api, ...place, index: { seen: async () => {} } });
  for (const secret of secrets) {
    const { namespace, vault: name } = secret;
    const resource = await find(api, protectedResources, { namespace, name });
    if (resource?.spec.vault === undefined) throw refused(secret, `no file has a vault ${namespace}/${name}`);
    const wished = parseNewVersion(JSON.stringify({ value: await valueIn(secret) }));
    if (wished instanceof VaultError) throw refused(secret, wished.message);
    const vault = { uid: resource.metadata.uid, namespace, name };
    const decide = (asked: Asked) => setSecret(asked, vault, { id: randomVersion(), ...wished });
    const written = await store.change(vault, secret.name, decide);
    if (written instanceof VaultError) throw refused(secret, written.message);
  }
}

/** Without the line break that an editor or `echo` puts at the end. */
async function valueIn(secret: FirstSecret): Promise<string> {
  const bytes = await readFile(secret.file).catch((error: NodeJS.ErrnoException) => {
    throw refused(secret, `${secret.file} cannot be read (${error.code})`);
  });
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes).replace(/\r?\n$/, "");
  } catch {
    throw refused(secret, `${secret.file} is no text in UTF-8: write it as base64, which its reader decodes`);
  }
}

function refused({ namespace, vault, name }: FirstSecret, why: string): UsageError {
  return new UsageError(`--secret ${namespace}/${vault}/${name}: ${why}`);
}
