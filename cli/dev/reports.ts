import type { AuditRecord } from "../../issuer/audit.ts";
import type { Log } from "../../kube/log.ts";
import type { DevEvent } from "./events.ts";

export type Report = (event: DevEvent) => void;

/** What the processes would log in a cluster: on a laptop a person hears of warnings and errors only. */
export function devLog(report: Report): Log {
  const notice = (fields: object, message: string): void =>
    report({ event: "notice", message: withCause(fields, message) });
  return { info: () => undefined, warn: notice, error: notice };
}

function withCause(fields: object, message: string): string {
  const cause = "err" in fields ? fields.err : undefined;
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}

/**
 * A line per token; per refusal only when no endpoint of ours asked, since an endpoint tells what its application was told.
 * Of other callers the reason is all: the sentence that they were told may quote what they sent.
 */
export function reportAudit(record: AuditRecord, as: string | undefined, report: Report): void {
  const who = as ?? record.serviceAccount ?? record.sourceAddress;
  if (record.decision === "issued") report({ event: "token", as: who, record });
  if (record.decision !== "refused") return;
  const { grantType, audience } = record.event === "token" ? record : {};
  if (grantType !== "token-exchange") {
    const { reason: code = "InternalError" } = record;
    const sentence = `${record.endpoint} told its caller why.`;
    report({ event: "refused", as: who, code, sentence, ...(audience === undefined ? {} : { audience }) });
  }
}
