import { type EnvironmentReader, SECONDS } from "../environment-reader.ts";
import { sidecarLimits } from "../limits.ts";
import { DEFAULT_VAULT_URL, parseSecretFile, type SecretFile } from "./secret-file.ts";

/** The secrets that the process keeps in files, and how. */
export interface SecretFilesSettings {
  readonly files: readonly SecretFile[];
  readonly directory: string;
  /** Permission bits of each file. */
  readonly mode: FileMode;
  /** The longest time between two looks at a secret; the shortest is half of it. */
  readonly pollSeconds: number;
}

/** For the owner alone, or for the group too: where the application runs as another user than this process. */
export type FileMode = 0o400 | 0o440;

const MODES: Readonly<Record<string, FileMode>> = { "0400": 0o400, "0440": 0o440 };
const DEFAULT_DIRECTORY = "/var/run/lanyard/secrets";

/** Undefined when there is no such file to keep. */
export function readSecretFilesSettings(reader: EnvironmentReader): SecretFilesSettings | undefined {
  const vaultUrl = reader.has("LANYARD_VAULT_URL") ? reader.url("LANYARD_VAULT_URL") : DEFAULT_VAULT_URL;
  const files = readFiles(reader, vaultUrl);
  const settings = {
    files,
    directory: reader.text("LANYARD_SECRETS_DIRECTORY") ?? DEFAULT_DIRECTORY,
    mode: readMode(reader),
    pollSeconds: reader.integer("LANYARD_SECRET_POLL_SECONDS", sidecarLimits.secretPollSeconds, SECONDS),
  };
  return files.length === 0 ? undefined : settings;
}

function readFiles(reader: EnvironmentReader, vaultUrl: string): SecretFile[] {
  const names = new Set<string>();
  return reader.list("LANYARD_SECRET_FILES").flatMap((text) => {
    const parsed = parseSecretFile(text, vaultUrl);
    if (parsed === undefined || names.has(parsed.file)) {
      reader.problems.push("LANYARD_SECRET_FILES must be FILE=NAMESPACE/VAULT/SECRET[/VERSION],… with each file once.");
      return [];
    }
    names.add(parsed.file);
    return [parsed];
  });
}

function readMode(reader: EnvironmentReader): FileMode {
  const text = reader.text("LANYARD_SECRET_FILE_MODE") ?? "0400";
  const mode = Object.hasOwn(MODES, text) ? MODES[text] : undefined;
  if (mode === undefined) reader.problems.push("LANYARD_SECRET_FILE_MODE must be 0400 or 0440.");
  return mode ?? 0o400;
}
