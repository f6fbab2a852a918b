import { type Document, LineCounter, parseAllDocuments } from "yaml";
import type { Manifest } from "../../kube/api.ts";
import { fieldText, offsetOf, type Path, type Position, positionAt, type Source } from "./position.ts";

/** What is wrong with a manifest, where, and what was expected. */
export interface Problem extends Partial<Omit<Position, "file">> {
  readonly file: string;
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
  const documents = parseAllDocuments(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
    logLevel: "error",
  });
  const parsed = Array.isArray(documents) ? documents.map((document) => parseDocument(document, { file, lines })) : [];
  return {
    manifests: parsed.flatMap(({ manifests }) => manifests),
    problems: parsed.flatMap(({ problems }) => problems),
  };
}

function parseDocument(document: Document.Parsed, source: Source): ParsedFile {
  // The errors after the first mostly follow from it.
  const [error] = document.errors;
  if (error !== undefined) return notRead(source, error.pos[0], error.message);
  const value = toValue(document);
  if (value.kind === "refused") return notRead(source, offsetOf(document, []), value.message);
  return value.content === null
    ? { manifests: [], problems: [] }
    : objectsOf(value.content, { document, source, base: [] });
}

function notRead(source: Source, offset: number, cause: string): ParsedFile {
  const message = cause.startsWith("Maximum call stack") ? "nested too deeply to be a manifest" : cause;
  return { manifests: [], problems: [{ ...positionAt(source, offset), field: "", message }] };
}

type Value =
  | { readonly kind: "value"; readonly content: unknown }
  | { readonly kind: "refused"; readonly message: string };

/** The content as JSON has it, which is what an API server is sent: an alias to an object around it is no tree. */
function toValue(document: Document.Parsed): Value {
  try {
    const content: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    return { kind: "value", content: JSON.parse(JSON.stringify(content ?? null)) };
  } catch (error) {
    return { kind: "refused", message: whyNotJson(error) };
  }
}

function whyNotJson(error: unknown): string {
  if (error instanceof TypeError) return "an alias (*) stands inside what it refers to: write the value out";
  return error instanceof Error ? error.message : "cannot be read";
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
  return { ...positionAt(source, offsetOf(document, [...base, ...path])), field: fieldText(path), message };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
