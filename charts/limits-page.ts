import { httpLimits, httpLimitTexts } from "../http/limits.ts";
import { issuerLimits, issuerLimitTexts } from "../issuer/limits.ts";
import { operatorLimits, operatorLimitTexts } from "../operator/limits.ts";
import { sidecarLimits, sidecarLimitTexts } from "../sidecar/limits.ts";
import { vaultLimits, vaultLimitTexts } from "../vault/limits.ts";
import { webhookLimits, webhookLimitTexts } from "../webhook/limits.ts";

interface Room {
  readonly heading: string;
  readonly file: string;
  readonly limits: Readonly<Record<string, unknown>>;
  readonly texts: Readonly<Record<string, string>>;
}

const rooms: readonly Room[] = [
  { heading: "Every server", file: "http/limits.ts", limits: httpLimits, texts: httpLimitTexts },
  { heading: "Operator", file: "operator/limits.ts", limits: operatorLimits, texts: operatorLimitTexts },
  { heading: "Webhook", file: "webhook/limits.ts", limits: webhookLimits, texts: webhookLimitTexts },
  { heading: "Issuer", file: "issuer/limits.ts", limits: issuerLimits, texts: issuerLimitTexts },
  { heading: "Vault", file: "vault/limits.ts", limits: vaultLimits, texts: vaultLimitTexts },
  { heading: "Sidecar", file: "sidecar/limits.ts", limits: sidecarLimits, texts: sidecarLimitTexts },
];

const introduction = `# Limits
Everything that comes from outside is limited in bytes, items, time and memory. This page is generated from the limits of each process (\`npm run generate\`). \`make hostile\` attacks every process under its memory limit and prints what a bystander notices.

The chart sets the memory limit of each process, and those limits that an operator may want to change: see [chart.md](chart.md#values).
`;

/** Returns `docs/reference/limits.md`. */
export function limitsPage(): string {
  return [introduction, ...rooms.map(section)].join("\n");
}

function section({ heading, file, limits, texts }: Room): string {
  const rows = Object.entries(limits).map(
    ([name, value]) => `| \`${name}\` | ${shown(name, value)} | ${cell(texts[name] ?? "")} |`,
  );
  return [
    `## ${heading}`,
    `\`${file}\``,
    "",
    "| limit | value | what it bounds |",
    "| --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");

/** A value with the unit that its name ends in. */
function shown(name: string, value: unknown): string {
  if (typeof value === "object" && value !== null) {
    return Object.entries(value)
      .map(([part, each]) => `${words(part)} ${shown(part, each)}`)
      .join(", ");
  }
  if (typeof value !== "number") return String(value);
  if (/bytes/i.test(name)) return byteText(value);
  if (/(?:Ms|Milliseconds)$/.test(name)) return `${number(value / 1000)} s`;
  if (/Seconds$/.test(name)) return `${number(value)} s`;
  return number(value);
}

function byteText(bytes: number): string {
  const units: readonly (readonly [number, string])[] = [
    [1024 * 1024, "MiB"],
    [1024, "KiB"],
  ];
  const [size, unit] = units.find(([each]) => bytes >= each) ?? [1, "bytes"];
  return `${number(bytes / size)} ${unit}`;
}

const number = (value: number): string => value.toLocaleString("en-US", { maximumFractionDigits: 2 });
const words = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
