import { StatusError } from "../status-error.ts";

/** A kubeconfig gives no credentials that may be sent: the API server was not asked. */
export class CredentialsError extends StatusError {
  constructor(message: string) {
    super("Unauthorized", message);
  }
}
