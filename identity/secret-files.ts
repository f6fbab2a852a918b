import { isDnsLabel } from "./dns-name.ts";
import { quoted } from "./issue-words.ts";

/** A secret of a vault that a pod wants to have in a file. */
export interface SecretFileReference {
  /** A name in the directory of secrets. */
  readonly file: string;
  readonly namespace: string;
  readonly vault: string;
  readonly secret: string;
  /** Undefined: whichever is the newest. */
  readonly version: string | undefined;
}

export type ParsedSecretFiles =
  | { readonly kind: "files"; readonly files: readonly SecretFileReference[] }
  | { readonly kind: "problem"; readonly message: string };

/** Each is a request every few seconds, for as long as the pod lives. */
const MOST_SECRET_FILES = 32;
const LONGEST_FILE_NAME = 200;

/** Letters, digits, "-", "_" and "." of ASCII, with no dot in front: so no path, and nothing that looks like another name. */
const fileName = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/;
/** https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates#object-identifiers */
const secretName = /^[A-Za-z0-9-]{1,127}$/;
const versionName = /^[0-9a-f]{32}$/;

export function isSecretName(text: string): boolean {
  return secretName.test(text);
}

/**
 * Reads `FILE=[NAMESPACE/]VAULT/SECRET[/VERSION]`, separated by commas or line breaks. Without a namespace the pod's own
 * is meant; a third name of 32 hexadecimal digits is a version. What is wrong is told with its place, counted from 1.
 */
export function readSecretFiles(value: string, ownNamespace: string): ParsedSecretFiles {
  const entries = value.split(/[,\n]/).map((entry) => entry.trim());
  const written = entries.filter((entry) => entry !== "");
  if (written.length === 0) return { kind: "problem", message: `expected ${EXPECTED}, got nothing` };
  if (written.length > MOST_SECRET_FILES) {
    return { kind: "problem", message: `expected at most ${MOST_SECRET_FILES} files, got ${written.length}` };
  }
  const files: SecretFileReference[] = [];
  for (const [at, entry] of written.entries()) {
    const read = readEntry(entry, ownNamespace);
    const problem = "problem" in read ? read.problem : repeated(read, files);
    if (problem !== undefined) return { kind: "problem", message: `entry ${at + 1}, ${quoted(entry)}: ${problem}` };
    if (!("problem" in read)) files.push(read);
  }
  return { kind: "files", files };
}

/** In full, as the sidecar reads it. */
export function secretFileText({ file, namespace, vault, secret, version }: SecretFileReference): string {
  return `${file}=${[namespace, vault, secret, ...(version === undefined ? [] : [version])].join("/")}`;
}

const EXPECTED = "FILE=[NAMESPACE/]VAULT/SECRET[/VERSION]";

interface Problem {
  readonly problem: string;
}

function readEntry(entry: string, ownNamespace: string): SecretFileReference | Problem {
  const equals = entry.indexOf("=");
  if (equals === -1) return { problem: `expected ${EXPECTED}` };
  const file = entry.slice(0, equals);
  if (file.length > LONGEST_FILE_NAME || !fileName.test(file)) {
    return {
      problem: `the file's name is to be of letters, digits, "-", "_" and ".", with no dot in front and no more than ${LONGEST_FILE_NAME}`,
    };
  }
  const names = namesIn(entry.slice(equals + 1).split("/"), ownNamespace);
  return names === undefined ? { problem: `expected ${EXPECTED}` } : checked({ file, ...names });
}

type Names = Omit<SecretFileReference, "file">;

function namesIn(parts: readonly string[], ownNamespace: string): Names | undefined {
  const [first = "", second = "", third = "", fourth] = parts;
  switch (parts.length) {
    case 2:
      return { namespace: ownNamespace, vault: first, secret: second, version: undefined };
    case 3:
      return versionName.test(third)
        ? { namespace: ownNamespace, vault: first, secret: second, version: third }
        : { namespace: first, vault: second, secret: third, version: undefined };
    case 4:
      return { namespace: first, vault: second, secret: third, version: fourth };
    default:
      return undefined;
  }
}

function checked(reference: SecretFileReference): SecretFileReference | Problem {
  const { namespace, vault, secret, version } = reference;
  if (!isDnsLabel(namespace)) return { problem: `${quoted(namespace)} is no namespace` };
  if (!isDnsLabel(vault)) return { problem: `${quoted(vault)} is no name of a vault` };
  if (!isSecretName(secret)) return { problem: `${quoted(secret)} is no name of a secret` };
  const isVersion = version === undefined || versionName.test(version);
  return isVersion ? reference : { problem: `${quoted(version)} is no version: 32 hexadecimal digits` };
}

function repeated({ file }: SecretFileReference, before: readonly SecretFileReference[]): string | undefined {
  return before.some((other) => other.file === file) ? "this file is named before" : undefined;
}
