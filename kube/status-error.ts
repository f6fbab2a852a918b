/** Why the API server refused, as its Status object says. https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/ */
export type StatusReason =
  | "NotFound"
  | "AlreadyExists"
  | "Conflict"
  | "Invalid"
  | "Forbidden"
  | "Unauthorized"
  | "Expired"
  | "TooManyRequests"
  | "ServiceUnavailable"
  | "InternalError"
  | "BadRequest";

export class StatusError extends Error {
  override readonly name = "StatusError";
  readonly reason: StatusReason;
  /** How long the server asks to wait, in seconds. */
  readonly retryAfterSeconds: number | undefined;

  constructor(reason: StatusReason, message: string, retryAfterSeconds?: number) {
    super(message);
    this.reason = reason;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export function isStatus(error: unknown, reason: StatusReason): error is StatusError {
  return error instanceof StatusError && error.reason === reason;
}
