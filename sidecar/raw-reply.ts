/** What came back from the issuer, before anybody knows what it means. */
export interface RawReply {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly text: string;
}

export type Fields = Readonly<Record<string, unknown>>;

/** The members of a JSON object; undefined when the text is none. */
export function parseFields(json: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : undefined;
  } catch {
    return undefined;
  }
}
