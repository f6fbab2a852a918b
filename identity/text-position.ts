/** Where something stands in a text: lines and columns count from 1, columns in characters as a person counts them. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/** Of an offset in UTF-16 units, as parsers in JavaScript count. */
export function textPositionAt(text: string, offset: number): TextPosition {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: [...(before.at(-1) ?? "")].length + 1 };
}
