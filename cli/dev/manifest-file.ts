import { type Document, isCollection, isMap, isNode, isScalar, LineCounter, parseAllDocuments } from "yaml";
import type { Manifest } from "../../kube/api.ts";

export type Path = readonly (string | number)[];

/** Where something stands in a file; lines and columns count from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What is wrong with a manifest, where, and what was expected. */
export interface Problem extends Position {
  /** `spec.subjects[0].serviceAccount`; empty when the whole document is meant. */
  readonly field: string;
  readonly message: string;
}

/** An object as a file has it, which can tell where each of its fields stands. */
export interface LocatedManifest {
  readonly manifest: Manifest;
  problem(path: Path, message: string): Problem;
}

export interface ParsedFile {
  readonly manifests: readonly LocatedManifest[];
  readonly problems: readonly Problem[];
}

/** More aliases than this in one document are an attack ("billion laughs"), not a manifest. */
const MAX_ALIASES = 100;

/** Reads the YAML or JSON documents of one file. Whatever the text is, this returns. */
export function parseManifestFile(file: string, text: string): ParsedFile {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const parsed = Array.isArray(documents) ? documents.map((document) => parseDocument(document, { file, lines })) : [];
  return {
    manifests: parsed.flatMap(({ manifests }) => manifests),
    problems: parsed.flatMap(({ problems }) => problems),
  };
}

interface Source {
  readonly file: string;
  readonly lines: LineCounter;
}

function parseDocument(document: Document.Parsed, source: Source): ParsedFile {
  if (document.errors.length > 0) {
    const problems = document.errors.map(({ pos, message }) => ({ ...at(source, pos[0]), field: "", message }));
    return { manifests: [], problems };
  }
  const value = toValue(document);
  if (value.kind === "refused") {
    return { manifests: [], problems: [{ ...at(source, 0), field: "", message: value.message }] };
  }
  return value.content === null || value.content === undefined
    ? { manifests: [], problems: [] }
    : objectsOf(value.content, { document, source, base: [] });
}

function toValue(
  document: Document.Parsed,
): { kind: "value"; content: unknown } | { kind: "refused"; message: string } {
  try {
    return { kind: "value", content: document.toJS({ maxAliasCount: MAX_ALIASES }) };
  } catch (error) {
    return { kind: "refused", message: `the document cannot be read: ${(error as Error).message}` };
  }
}

interface Place {
  readonly document: Document.Parsed;
  readonly source: Source;
  readonly base: Path;
}

/** One object, or those of a `kind: List`. */
function objectsOf(content: unknown, place: Place): ParsedFile {
  const items = isRecord(content) && content.kind === "List" ? content.items : undefined;
  if (Array.isArray(items)) {
    const parsed = items.map((item, index) => objectsOf(item, { ...place, base: [...place.base, "items", index] }));
    return { manifests: parsed.flatMap((one) => one.manifests), problems: parsed.flatMap((one) => one.problems) };
  }
  const missing = missingHeader(content);
  if (missing !== undefined) return { manifests: [], problems: [locate(place, missing.path, missing.message)] };
  const manifest = content as Manifest;
  return { manifests: [{ manifest, problem: (path, message) => locate(place, path, message) }], problems: [] };
}

/** The header without which nobody can tell what an object is. */
function missingHeader(content: unknown): { readonly path: Path; readonly message: string } | undefined {
  if (!isRecord(content))
    return { path: [], message: "expected a Kubernetes object with apiVersion, kind and metadata" };
  for (const field of ["apiVersion", "kind"]) {
    if (typeof content[field] !== "string") return { path: [field], message: `expected ${field} to be a string` };
  }
  const { metadata } = content;
  if (!isRecord(metadata)) return { path: ["metadata"], message: "expected metadata with a name" };
  if (typeof metadata.name !== "string") return { path: ["metadata", "name"], message: "expected a name (a string)" };
  if (metadata.namespace !== undefined && typeof metadata.namespace !== "string") {
    return { path: ["metadata", "namespace"], message: "expected the name of a namespace (a string)" };
  }
  return undefined;
}

function locate({ document, source, base }: Place, path: Path, message: string): Problem {
  return { ...at(source, offsetOf(document, [...base, ...path])), field: fieldText(path), message };
}

/** The offset of a field's key (or list item); of its nearest ancestor that is there, when the field is missing. */
function offsetOf(document: Document.Parsed, path: Path): number {
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

function at({ file, lines }: Source, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { file, line: Math.max(1, line), column: Math.max(1, col) };
}

function fieldText(path: Path): string {
  return path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${part}`))
    .join("")
    .replace(/^\./, "");
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
