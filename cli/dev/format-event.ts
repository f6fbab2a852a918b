import { formatTable } from "../format-table.ts";
import type { DevEvent, IdentityRow } from "./events.ts";
import { formatProblem } from "./format-problem.ts";

/** What a person reads in the terminal for an event: one line or more, without a line break at the end. */
export function formatEvent(event: DevEvent, now: Date): string {
  switch (event.event) {
    case "started":
      return `Issuer ${event.issuer}, tenant ${event.tenantId}`;
    case "ready":
      return "\nReady: the files are followed, and tokens and denials are shown as they happen. Ctrl-C ends it.";
    case "identities":
      return identities(event.identities);
    case "endpoint":
      return `\nA program that runs as ${event.as}:\n${exportLines(event.environment)}`;
    case "token":
      return `${clock(now)} token    ${event.as} → ${tokenLine(event.record)}`;
    case "refused":
      return `${clock(now)} refused  ${event.as}${event.audience === undefined ? "" : ` for ${event.audience}`}: ${event.code}: ${event.sentence}`;
    case "problems":
      return [...event.problems.map(formatProblem), "Nothing was applied: the last good state keeps serving."].join(
        "\n",
      );
    default:
      return `${clock(now)} ${changeLine(event)}`;
  }
}

type ChangeEvent = Extract<DevEvent, { event: "applied" | "identity" | "condition" | "notice" }>;

function changeLine(event: ChangeEvent): string {
  switch (event.event) {
    case "applied":
      return event.changes.map(({ action, object }) => `applied  ${object} ${action}`).join("\n         ");
    case "identity":
      return `identity ${event.identity.name} ${event.change} (principal ${event.identity.principalId})`;
    case "condition":
      return event.ready ? `ready    ${event.object}` : `waiting  ${event.object}: ${event.reason}: ${event.message}`;
    case "notice":
      return `note     ${event.message}`;
  }
}

function identities(rows: readonly IdentityRow[]): string {
  if (rows.length === 0) return "\nNo managed identities yet: add one to the files.";
  const cells = rows.map(({ name, type, clientId, principalId, usedBy }) => [
    name,
    type,
    clientId,
    principalId,
    usedBy.join(", ") || "nobody",
  ]);
  return `\n${formatTable(["IDENTITY", "TYPE", "CLIENT ID", "PRINCIPAL ID", "USED BY"], cells)}`;
}

function exportLines(environment: Readonly<Record<string, string>>): string {
  return Object.entries(environment)
    .map(([name, value]) => `  export ${name}=${shellQuoted(value)}`)
    .join("\n");
}

/** Plain words stay as they are; anything else goes into single quotes (POSIX Shell, 2.2.2). */
function shellQuoted(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}

function tokenLine(record: Extract<DevEvent, { event: "token" }>["record"]): string {
  const roles = record.roles?.length ? `roles ${record.roles.join(", ")}` : "no roles";
  return `${record.identity ?? ""} for ${record.audience ?? ""} (${roles}, until ${record.expiresAt ?? ""})`;
}

const clock = (now: Date): string => now.toTimeString().slice(0, 8);
