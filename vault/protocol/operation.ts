import { resourceScope, type Scope, subresourceScope } from "../../identity/scope.ts";
import type { SecretAction } from "../authority.ts";
import type { VaultReference } from "../secret/secret.ts";

/** One page of a list: at most so many entries, after the one that the last page ended with. */
export interface Page {
  readonly size: number;
  readonly after: string | undefined;
  /** The version of the API that the next page is asked for by. */
  readonly apiVersion: string;
}

/** What a request wants, by the names of the REST API. https://learn.microsoft.com/en-us/rest/api/keyvault/secrets/operation-groups */
export type Operation =
  | { readonly name: "GetSecrets" | "GetDeletedSecrets"; readonly page: Page }
  | { readonly name: "GetSecretVersions"; readonly secret: string; readonly page: Page }
  | { readonly name: "GetSecret" | "UpdateSecret"; readonly secret: string; readonly version: string | undefined }
  | {
      readonly name: "SetSecret" | "DeleteSecret" | "GetDeletedSecret" | "RecoverDeletedSecret" | "PurgeDeletedSecret";
      readonly secret: string;
    };

export type OperationName = Operation["name"];

/** What a caller must be allowed to do. */
export const actions: Readonly<Record<OperationName, SecretAction>> = {
  GetSecrets: "secrets/list",
  GetDeletedSecrets: "secrets/list",
  GetSecretVersions: "secrets/list",
  GetSecret: "secrets/read",
  GetDeletedSecret: "secrets/read",
  SetSecret: "secrets/write",
  UpdateSecret: "secrets/write",
  DeleteSecret: "secrets/delete",
  RecoverDeletedSecret: "secrets/recover",
  PurgeDeletedSecret: "secrets/purge",
};

/** Where: at one secret, or at the vault when the operation is about all of them. */
export function scopeOf(operation: Operation, { namespace, name }: VaultReference): Scope {
  return "secret" in operation
    ? subresourceScope(namespace, name, `secrets/${operation.secret.toLowerCase()}`)
    : resourceScope(namespace, name);
}
