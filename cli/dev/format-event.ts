import { formatTable } from "../format-table.ts";
import type { DevEvent, IdentityRow } from "./events.ts";
import { formatProblem } from "./format-problem.ts";

/** Gives text a colour where colours are shown. */
export type Paint = (colour: "green" | "red" | "yellow", text: string) => string;

/** What the text is written to: a terminal of so many columns, or a file or pipe, which takes lines of any length. */
export interface Display {
  readonly paint: Paint;
  readonly columns: number;
}

export const plainDisplay: Display = { paint: (_, text) => text, columns: Number.POSITIVE_INFINITY };

/** What a person reads in the terminal for an event: one line or more, without a line break at the end. */
export function formatEvent(event: DevEvent, now: Date, display: Display = plainDisplay): string {
  const { paint } = display;
  switch (event.event) {
    case "started":
      return `Issuer ${event.issuer}, tenant ${event.tenantId}`;
    case "ready":
      return "\nReady: the files are followed, and tokens and denials are shown as they happen. Ctrl-C ends it.";
    case "identities":
      return `\n${identities(event.identities, display)}`;
    case "endpoint":
      return `\nA program that runs as ${event.as}:\n${exportLines(event.environment)}`;
    case "vault":
      return `\nVault ${event.vault} at ${event.url}:\n${exportLines(event.environment)}`;
    case "secret":
      return `${clock(now)} ${secretLine(event.record, paint)}`;
    case "token":
      return `${clock(now)} ${paint("green", "token   ")} ${event.as} → ${tokenLine(event.record)}`;
    case "refused":
      return `${clock(now)} ${paint("red", "refused ")} ${refusalLine(event)}`;
    case "problems":
      return [
        ...event.problems.map((problem) => paint("red", formatProblem(problem))),
        "Nothing was applied: the last good state keeps serving.",
      ].join("\n");
    default:
      return `${clock(now)} ${changeLine(event, paint)}`;
  }
}

const UNDER_THE_TIME = `\n${" ".repeat("hh:mm:ss ".length)}`;

type ChangeEvent = Extract<DevEvent, { event: "applied" | "identity" | "condition" | "notice" }>;

function changeLine(event: ChangeEvent, paint: Paint): string {
  switch (event.event) {
    case "applied":
      return [
        ...(event.mended ? [paint("green", "applied  all files again: they have no problem any more")] : []),
        ...event.changes.map(({ action, object }) => `applied  ${object} ${action}`),
      ].join(UNDER_THE_TIME);
    case "identity":
      return `identity ${event.identity.name} ${event.change} (principal ${event.identity.principalId})`;
    case "condition":
      return event.ready
        ? `${paint("green", "ready   ")} ${event.object}`
        : `${paint("yellow", "waiting ")} ${event.object}: ${event.reason}: ${event.message}`;
    case "notice":
      return `note     ${event.message}`;
  }
}

/** A table; on a terminal that is too narrow for it (two UUIDs and the names are wide) a block each. */
function identities(rows: readonly IdentityRow[], { columns }: Display): string {
  if (rows.length === 0) return "No managed identities yet: add one to the files.";
  const cells = rows.map((row) => [row.name, row.type, row.clientId, row.principalId, users(row)]);
  const table = formatTable(["IDENTITY", "TYPE", "CLIENT ID", "PRINCIPAL ID", "USED BY"], cells);
  const fits = table.split("\n").every((line) => line.length <= columns);
  return fits ? table : rows.map(identityBlock).join("\n\n");
}

function identityBlock(row: IdentityRow): string {
  return [
    `Identity ${row.name} (${row.type}), used by ${users(row)}`,
    `  client id     ${row.clientId}`,
    `  principal id  ${row.principalId}`,
  ].join("\n");
}

const users = ({ usedBy }: IdentityRow): string => usedBy.join(", ") || "nobody";

function exportLines(environment: Readonly<Record<string, string>>): string {
  return Object.entries(environment)
    .map(([name, value]) => `  export ${name}=${shellQuoted(value)}`)
    .join("\n");
}

/** Plain words stay as they are; anything else goes into single quotes (POSIX Shell, 2.2.2). */
function shellQuoted(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}

function refusalLine({ as, audience, code, sentence }: Extract<DevEvent, { event: "refused" }>): string {
  return `${as}${audience === undefined ? "" : ` for ${audience}`}: ${code}: ${sentence}`;
}

function tokenLine(record: Extract<DevEvent, { event: "token" }>["record"]): string {
  const roles = record.roles?.length ? `roles ${record.roles.join(", ")}` : "no roles";
  return `${record.identity ?? ""} for ${record.audience ?? ""} (${roles}, until ${record.expiresAt ?? ""})`;
}

function secretLine(
  {
    decision,
    identity,
    operation,
    vault,
    secret,
    status,
    reason,
    role,
  }: Extract<DevEvent, { event: "secret" }>["record"],
  paint: Paint,
): string {
  const [colour, word] = decision === "allowed" ? (["green", "secret  "] as const) : (["red", "refused "] as const);
  const where = secret === undefined ? vault : `${vault}/${secret}`;
  const why = [role && `role ${role}`, reason].filter(Boolean).join(", ");
  return `${paint(colour, word)} ${identity ?? "nobody known"} → ${operation} ${where}: ${status}${why === "" ? "" : ` (${why})`}`;
}

const clock = (now: Date): string => now.toTimeString().slice(0, 8);
