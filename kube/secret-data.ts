import type { Secret } from "./cluster-kinds.ts";

/** One value of a Secret as text; undefined when it has no such key. */
export function secretText({ data }: Secret, key: string): string | undefined {
  const value = data?.[key];
  return value === undefined ? undefined : Buffer.from(value, "base64").toString("utf8");
}

/** Texts as the `data` of a Secret; what is undefined is left out. */
export function secretData(texts: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).flatMap(([key, text]) =>
      text === undefined ? [] : [[key, Buffer.from(text, "utf8").toString("base64")]],
    ),
  );
}
