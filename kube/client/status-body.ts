import { z } from "zod";
import { StatusError, type StatusReason } from "../status-error.ts";

/** A reply that is no success. */
export interface Refusal {
  readonly httpStatus: number;
  /** The header Retry-After. */
  readonly retryAfter?: string | undefined;
  readonly body: string;
}

/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/ */
const statusSchema = z.object({
  kind: z.literal("Status"),
  code: z.number().optional().catch(undefined),
  reason: z.string().optional().catch(undefined),
  message: z.string().optional().catch(undefined),
  details: z
    .object({ retryAfterSeconds: z.number().optional().catch(undefined) })
    .optional()
    .catch(undefined),
});
type Status = z.infer<typeof statusSchema>;

/** The reasons of the API server, each as the one that callers decide by. */
const reasons: ReadonlyMap<string, StatusReason> = new Map<string, StatusReason>([
  ...(["NotFound", "AlreadyExists", "Conflict", "Invalid", "Forbidden", "Unauthorized", "Expired"] as const).map(same),
  ...(["TooManyRequests", "ServiceUnavailable", "InternalError", "BadRequest"] as const).map(same),
  ["Gone", "Expired"],
  ["Timeout", "ServiceUnavailable"],
  ["ServerTimeout", "ServiceUnavailable"],
]);

const reasonsByCode: ReadonlyMap<number, StatusReason> = new Map([
  [401, "Unauthorized"],
  [403, "Forbidden"],
  [404, "NotFound"],
  [409, "Conflict"],
  [410, "Expired"],
  [422, "Invalid"],
  [429, "TooManyRequests"],
  [502, "ServiceUnavailable"],
  [503, "ServiceUnavailable"],
  [504, "ServiceUnavailable"],
]);

const LONGEST_FOREIGN_MESSAGE = 512;
/** No server is left alone for longer because of what it said. */
const LONGEST_RETRY_AFTER_SECONDS = 300;

/** Reads what the server says, whatever it is: a proxy on the way answers in its own format. */
export function refusalError({ httpStatus, retryAfter, body }: Refusal): StatusError {
  const status = parseStatus(body);
  const message = status?.message ?? (body.trim().slice(0, LONGEST_FOREIGN_MESSAGE) || `HTTP status ${httpStatus}`);
  return new StatusError(reasonOf(httpStatus, status), message, secondsOf(retryAfter, status));
}

/** The error that a Status object is, as a watch brings one when it cannot go on. */
export function statusObjectError(object: unknown): StatusError {
  const { data: status } = statusSchema.safeParse(object);
  const message = status?.message ?? "The watch ended with an error that is no Status.";
  return new StatusError(reasonOf(status?.code ?? 500, status), message, secondsOf(undefined, status));
}

function parseStatus(body: string): Status | undefined {
  try {
    return statusSchema.parse(JSON.parse(body));
  } catch {
    return undefined;
  }
}

function reasonOf(httpStatus: number, status: Status | undefined): StatusReason {
  const fallback = httpStatus >= 500 ? "InternalError" : "BadRequest";
  return reasons.get(status?.reason ?? "") ?? reasonsByCode.get(httpStatus) ?? fallback;
}

function secondsOf(header: string | undefined, status: Status | undefined): number | undefined {
  const seconds =
    header !== undefined && /^\d{1,9}$/.test(header) ? Number(header) : status?.details?.retryAfterSeconds;
  return seconds !== undefined && seconds > 0 ? Math.min(seconds, LONGEST_RETRY_AFTER_SECONDS) : undefined;
}

function same(reason: StatusReason): readonly [string, StatusReason] {
  return [reason, reason];
}
