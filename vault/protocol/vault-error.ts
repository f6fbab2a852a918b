/** How Key Vault says that something is refused. https://learn.microsoft.com/en-us/rest/api/keyvault/#common-error-response */
export class VaultError {
  readonly status: number;
  readonly code: VaultErrorCode;
  /** Public, and never of a value. */
  readonly message: string;
  readonly innerCode: string | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: VaultErrorCode, message: string, { innerCode, headers = {} }: Details = {}) {
    this.status = statuses[code];
    this.code = code;
    this.message = message;
    this.innerCode = innerCode;
    this.headers = headers;
  }
}

interface Details {
  readonly innerCode?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const statuses = {
  BadParameter: 400,
  Unauthorized: 401,
  Forbidden: 403,
  SecretNotFound: 404,
  VaultNotFound: 404,
  RouteNotFound: 404,
  MethodNotAllowed: 405,
  Conflict: 409,
  RequestTimeout: 408,
  RequestTooLarge: 413,
  Throttled: 429,
  InternalServerError: 500,
  ServiceUnavailable: 503,
} as const;

export type VaultErrorCode = keyof typeof statuses;
export const vaultErrorCodes: readonly string[] = Object.keys(statuses);

/** The rest of a body that was not read would be taken for the next request. */
const closing = { connection: "close" } as const;
const after = (seconds: number): Record<string, string> => ({ "retry-after": String(Math.max(1, Math.ceil(seconds))) });

/** Every refusal of the vault. The clients go by status and code; the sentence is for the person who reads their log. */
export const vaultErrors = {
  BadParameter: (sentence: string) => new VaultError("BadParameter", sentence),
  Unauthorized: (sentence: string, challenge: string) =>
    new VaultError("Unauthorized", sentence, { headers: { "www-authenticate": challenge } }),
  Forbidden: (sentence: string) => new VaultError("Forbidden", sentence, { innerCode: "ForbiddenByRbac" }),
  SecretDisabled: () =>
    new VaultError(
      "Forbidden",
      "Operation get is not allowed on a disabled secret. Enable this version, or ask for another one.",
      { innerCode: "SecretDisabled" },
    ),
  QuotaExceeded: (sentence: string) => new VaultError("Forbidden", sentence, { innerCode: "QuotaExceeded" }),
  SecretNotFound: (name: string) =>
    new VaultError(
      "SecretNotFound",
      `There is no secret ${name} in this vault, or not in this version: set it, or look among the deleted secrets.`,
    ),
  DeletedSecretNotFound: (name: string) =>
    new VaultError(
      "SecretNotFound",
      `There is no deleted secret ${name} in this vault. GET /deletedsecrets lists those that can be recovered. If the vault was deleted and created again, an administrator can bring its earlier secrets back: lanyard vault adopt.`,
    ),
  DeletedButRecoverable: (name: string) =>
    new VaultError(
      "Conflict",
      `Secret ${name} is deleted and can still be recovered, so its name is in use: recover it, or purge it.`,
      { innerCode: "ObjectIsDeletedButRecoverable" },
    ),
  SecretNameInUse: (name: string) =>
    new VaultError("Conflict", `Secret ${name} is in this vault already, or deleted and can still be recovered.`),
  VaultNotFound: () =>
    new VaultError(
      "VaultNotFound",
      "No vault is at this host: use NAME.NAMESPACE.svc of a ProtectedResource with spec.vault that is Ready.",
      { headers: closing },
    ),
  RouteNotFound: () =>
    new VaultError("RouteNotFound", "There is nothing at this path: a vault has /secrets and /deletedsecrets.", {
      headers: closing,
    }),
  MethodNotAllowed: (allow: string) =>
    new VaultError("MethodNotAllowed", `This path does not take this method: use ${allow}.`, {
      headers: { ...closing, allow },
    }),
  RequestTimeout: () =>
    new VaultError("RequestTimeout", "The body did not arrive in time: send the request again.", { headers: closing }),
  RequestTooLarge: (limitBytes: number) =>
    new VaultError("RequestTooLarge", `The body is larger than ${limitBytes} bytes: send a smaller one.`, {
      headers: closing,
    }),
  RequestTooFragmented: () =>
    new VaultError("BadParameter", "The body arrived in thousands of tiny chunks: send it with Content-Length.", {
      headers: closing,
    }),
  ServerBusy: (seconds: number) =>
    new VaultError("ServiceUnavailable", `The vault reads too many request bodies now: ask again in ${seconds} s.`, {
      headers: { ...closing, ...after(seconds) },
    }),
  Throttled: (seconds: number) =>
    new VaultError("Throttled", `Too many requests: ask again in ${seconds} s.`, { headers: after(seconds) }),
  InternalServerError: (traceId: string) =>
    new VaultError(
      "InternalServerError",
      `The request could not be answered: try again, and report the trace id ${traceId} if it stays.`,
    ),
  ServiceUnavailable: (what: string, seconds = 1) =>
    new VaultError("ServiceUnavailable", `${what}: ask again in ${seconds} s.`, { headers: after(seconds) }),
} as const;
