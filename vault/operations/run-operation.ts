import type { Operation } from "../protocol/operation.ts";
import type { VaultError } from "../protocol/vault-error.ts";
import { getDeletedSecrets, getSecrets, getSecretVersions } from "./list-operations.ts";
import type { Done, OperationContext } from "./operation-context.ts";
import {
  deleteSecret,
  getDeletedSecret,
  getSecret,
  purgeDeletedSecret,
  recoverDeletedSecret,
  setSecret,
  updateSecret,
} from "./secret-operations.ts";

/** Does what was asked for, once it was allowed. */
export async function runOperation(operation: Operation, context: OperationContext): Promise<Done | VaultError> {
  switch (operation.name) {
    case "GetSecrets":
      return getSecrets(operation.page, context);
    case "GetDeletedSecrets":
      return getDeletedSecrets(operation.page, context);
    case "GetSecretVersions":
      return getSecretVersions(operation.secret, operation.page, context);
    case "GetSecret":
      return getSecret(operation.secret, operation.version, context);
    case "SetSecret":
      return setSecret(operation.secret, context);
    case "UpdateSecret":
      return updateSecret(operation.secret, operation.version, context);
    case "DeleteSecret":
      return deleteSecret(operation.secret, context);
    case "GetDeletedSecret":
      return getDeletedSecret(operation.secret, context);
    case "RecoverDeletedSecret":
      return recoverDeletedSecret(operation.secret, context);
    case "PurgeDeletedSecret":
      return purgeDeletedSecret(operation.secret, context);
  }
}
