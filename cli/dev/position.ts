import { type Document, isCollection, isMap, isNode, isScalar, type LineCounter } from "yaml";

export type Path = readonly (string | number)[];

/** Where something stands in a file; lines and columns count from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface Source {
  readonly file: string;
  readonly lines: LineCounter;
}

export function positionAt({ file, lines }: Source, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { file, line: Math.max(1, line), column: Math.max(1, col) };
}

/** The offset of a field's key (or list item); of its nearest ancestor that is there, when the field is missing. */
export function offsetOf(document: Document.Parsed, path: Path): number {
  let node: unknown = document.contents;
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  for (const segment of path) {
    const next = childOf(node, segment);
    if (next === undefined) break;
    offset = next.offset ?? offset;
    node = next.node;
  }
  return offset;
}

function childOf(
  node: unknown,
  segment: string | number,
): { readonly offset?: number; readonly node: unknown } | undefined {
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && key.value === segment);
    if (pair === undefined || !isScalar(pair.key)) return undefined;
    return { ...offsetIn(pair.key.range), node: pair.value };
  }
  if (!isCollection(node)) return undefined;
  const item = node.items[Number(segment)];
  return isNode(item) ? { ...offsetIn(item.range), node: item } : undefined;
}

const offsetIn = (range: readonly number[] | null | undefined): { offset?: number } =>
  range?.[0] === undefined ? {} : { offset: range[0] };

/** `spec.subjects[0].serviceAccount`. */
export function fieldText(path: Path): string {
  return path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${part}`))
    .join("")
    .replace(/^\./, "");
}
