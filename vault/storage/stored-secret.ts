import { createHash } from "node:crypto";
import { managedByLanyard, vaultStorage } from "../../identity/names.ts";
import type { Manifest } from "../../kube/api.ts";
import { type Secret as KubernetesSecret, secrets } from "../../kube/cluster-kinds.ts";
import type { Kind, KubeObject } from "../../kube/kind.ts";
import { secretData, secretText } from "../../kube/secret-data.ts";
import {
  type Secret,
  type SecretOutline,
  type SecretVersion,
  secretOutlineSchema,
  type VaultReference,
  type VersionAttributes,
} from "../secret/secret.ts";

/** A Secret of Kubernetes as the vault reads it. Undefined: it is none of the vault's, or has no content yet. */
export interface StoredSecret extends KubeObject {
  readonly secret: Secret | undefined;
}

export interface StoredOutline extends KubeObject {
  readonly outline: SecretOutline | undefined;
}

const OUTLINE_KEY = "secret.json";
const valueKey = (version: string): string => `value.${version}`;

/** Secrets with their values, to be read one at a time and not kept. */
export const storedSecrets: Kind<StoredSecret> = {
  ...secrets,
  parse(object) {
    const stored = secrets.parse(object);
    const outline = outlineOf(stored);
    return { ...headerOf(stored), secret: outline && withValues(outline, stored) };
  },
};

/** Secrets without their values, to be watched. */
export const storedOutlines: Kind<StoredOutline> = {
  ...secrets,
  parse(object) {
    const stored = secrets.parse(object);
    return { ...headerOf(stored), outline: outlineOf(stored) };
  },
};

/**
 * The name of the object that holds a secret. It comes from the vault's UID, so that a vault which is made again under
 * the same name begins empty.
 */
export function objectNameOf({ uid }: Pick<VaultReference, "uid">, secretName: string): string {
  const hash = createHash("sha256").update(`${uid}/${secretName.toLowerCase()}`).digest("hex");
  return `${vaultStorage.namePrefix}${hash.slice(0, 40)}`;
}

/** The object before it has content: so that all content is written by server-side apply, which also takes it away. */
export function emptyManifest(namespace: string, name: string): Manifest {
  return { ...header, metadata: { namespace, name, labels: managedByLanyard }, type: vaultStorage.secretType };
}

/** `resourceVersion` is that of the object which the content was decided from. */
export function manifestOf(secret: Secret, namespace: string, resourceVersion: string): Manifest {
  const { vault, name } = secret;
  return {
    ...emptyManifest(namespace, objectNameOf(vault, name)),
    metadata: {
      ...{ namespace, name: objectNameOf(vault, name), resourceVersion, labels: managedByLanyard },
      annotations: {
        [vaultStorage.vaultAnnotation]: `${vault.namespace}/${vault.name}`,
        [vaultStorage.secretAnnotation]: name,
      },
    },
    data: dataOf(secret),
  };
}

/** The content of the object, base64. */
export function dataOf(secret: Secret): Record<string, string> {
  const outline = { ...secret, versions: secret.versions.map(attributesOf) };
  const values = secret.versions.map(({ id, value }) => [valueKey(id), value] as const);
  return secretData({ [OUTLINE_KEY]: JSON.stringify(outline), ...Object.fromEntries(values) });
}

const header = { apiVersion: secrets.apiVersion, kind: secrets.kind } as const;

function headerOf({ apiVersion, kind, metadata }: KubernetesSecret): KubeObject {
  return { apiVersion, kind, metadata };
}

export function outlineOf(stored: KubernetesSecret): SecretOutline | undefined {
  const text = stored.type === vaultStorage.secretType ? secretText(stored, OUTLINE_KEY) : undefined;
  return text === undefined ? undefined : secretOutlineSchema.parse(JSON.parse(text));
}

function withValues(outline: SecretOutline, stored: KubernetesSecret): Secret {
  const versions = outline.versions.map((version) => {
    const value = secretText(stored, valueKey(version.id));
    if (value === undefined) throw new TypeError(`Secret ${stored.metadata.name} has no value of a version.`);
    return { ...version, value };
  });
  return { ...outline, versions };
}

function attributesOf({ value: _, ...attributes }: SecretVersion): VersionAttributes {
  return attributes;
}
