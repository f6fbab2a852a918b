import { pino } from "pino";
import type { Log } from "../../kube/log.ts";
import type { LogLevel } from "./options.ts";

/** Nothing that logs has a credential at hand; should one ever be passed by mistake, it is not written. */
const redacted = [
  "authorization",
  "token",
  "access_token",
  "subject_token",
  "client_assertion",
  "tls.key",
  "privateKey",
];

export interface Loggers {
  readonly log: Log;
  /** For the audit trail: to log less must not write down less of what was decided. */
  readonly auditLog: Log;
}

export function createLoggers(process: string, level: LogLevel): Loggers {
  return { log: createLogger(process, level), auditLog: createLogger(process, "info") };
}

/** JSON lines on standard output. */
export function createLogger(process: string, level: LogLevel): Log {
  return pino({
    level,
    base: { process },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: redacted.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]),
  });
}
