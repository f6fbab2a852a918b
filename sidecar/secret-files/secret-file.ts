/** A secret of a vault, and the file that it is kept in. */
export interface SecretFile {
  /** A name in the directory of secrets, never a path. */
  readonly file: string;
  /** The vault's base URL, which is also the audience of the token that it takes. */
  readonly vaultUrl: string;
  readonly secret: string;
  /** Undefined: whichever is the newest. */
  readonly version: string | undefined;
}

/** Where each vault is: `{vault}` and `{namespace}` stand for its names. */
export const DEFAULT_VAULT_URL = "https://{vault}.{namespace}.svc";

/** One secret as its author wrote it, with every name that he may leave out. */
const REFERENCE =
  /^([A-Za-z\d_][A-Za-z\d._-]{0,199})=([a-z\d-]{1,63})\/([a-z\d-]{1,63})\/([A-Za-z\d-]{1,127})(?:\/([A-Za-z\d]{1,64}))?$/;

/**
 * Reads `FILE=NAMESPACE/VAULT/SECRET[/VERSION]`, undefined for anything else. The webhook has checked it before; whoever
 * sets the variable by hand still gets no file outside the directory, and no host but a vault's.
 */
export function parseSecretFile(text: string, vaultUrl: string): SecretFile | undefined {
  const [, file, namespace, vault, secret, version] = REFERENCE.exec(text) ?? [];
  if (file === undefined || namespace === undefined || vault === undefined || secret === undefined) return undefined;
  const url = vaultUrl.replaceAll("{vault}", vault).replaceAll("{namespace}", namespace).replace(/\/+$/, "");
  return { file, vaultUrl: url, secret, version };
}
