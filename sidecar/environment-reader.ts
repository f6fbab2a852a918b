export type Environment = Readonly<Record<string, string | undefined>>;

interface Range {
  readonly from: number;
  readonly to: number;
}
export const PORTS: Range = { from: 0, to: 65_535 };
export const COUNTS: Range = { from: 1, to: 10_000 };
export const SECONDS: Range = { from: 1, to: 86_400 };

/** Reads variables and collects what is wrong with them. An empty one counts as missing. */
export class EnvironmentReader {
  readonly problems: string[] = [];
  readonly #environment: Environment;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  has(name: string): boolean {
    return this.text(name) !== undefined;
  }

  text(name: string): string | undefined {
    const value = this.#environment[name]?.trim();
    return value === "" ? undefined : value;
  }

  required(name: string): string {
    const value = this.text(name);
    if (value === undefined) this.problems.push(`${name} is missing.`);
    return value ?? "";
  }

  url(name: string): string {
    const value = this.required(name);
    if (value !== "" && !/^https?:\/\/[^/?#]+/.test(value)) {
      this.problems.push(`${name} must be an http or https URL, such as https://issuer.lanyard-system.svc.`);
    }
    return value;
  }

  /** An IPv4 or IPv6 address as the host of a URL. */
  address(name: string): string | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const host = value.includes(":") ? `[${value}]` : value;
    if (/^[\d.]+$|^\[[\da-f:.]+\]$/i.test(host) && URL.canParse(`https://${host}`)) return host;
    this.problems.push(`${name} must be an IPv4 or IPv6 address.`);
    return undefined;
  }

  integer(name: string, fallback: number, range: Range): number {
    const value = this.text(name);
    if (value === undefined) return fallback;
    const number = Number(value);
    if (Number.isInteger(number) && number >= range.from && number <= range.to) return number;
    this.problems.push(`${name} must be a whole number from ${range.from} to ${range.to}.`);
    return fallback;
  }

  list(name: string): readonly string[] {
    const parts = (this.text(name) ?? "").split(",").map((part) => part.trim());
    return parts.filter((part) => part !== "");
  }

  subset(name: string, known: readonly string[]): readonly string[] {
    const chosen = this.list(name);
    const unknown = chosen.filter((part) => !known.includes(part));
    if (unknown.length > 0) {
      this.problems.push(`${name}: ${unknown.join(", ")} unknown; known are ${known.join(", ")}.`);
    }
    return chosen.length === 0 ? known : chosen;
  }
}
