import { quoted } from "./issue-words.ts";
import { API_GROUP, annotations, labels, resourceAnnotations } from "./names.ts";
import { didYouMean } from "./nearest-name.ts";
import {
  dialectNames,
  HIGHEST_PORT,
  LOWEST_PORT,
  readBoolean,
  readDialects,
  readGate,
  readIdentity,
  readPort,
  readSidecarMode,
  sidecarModes,
  switchValues,
} from "./pod-annotations.ts";
import { readQuantity } from "./quantity.ts";
import { readSecretFiles } from "./secret-files.ts";

interface AnnotationWarning {
  readonly key: string;
  readonly message: string;
}

interface Expectation {
  readonly read: (value: string) => unknown;
  readonly expected: string;
  /** The values there are, where they can be counted. */
  readonly values?: readonly string[];
  /** What another value leads to, where it is not ignored. */
  readonly otherwise?: string;
}

const boolean: Expectation = { read: readBoolean, expected: '"true" or "false"', values: switchValues };
/** The issuer takes it for the name of an identity, which none has: the pod is refused, not given another one. */
const identity: Expectation = {
  read: (value) => readIdentity(value, "default"),
  expected: "NAME or NAMESPACE/NAME",
  otherwise: "the pod waits until it is corrected",
};
const secretFiles: Expectation = {
  read: (value) => (readSecretFiles(value, "default").kind === "files" ? value : undefined),
  expected: "FILE=[NAMESPACE/]VAULT/SECRET[/VERSION], separated by commas",
  otherwise: "the pod is refused",
};
const inWords = (names: readonly string[], word: string): string => names.map((name) => `"${name}"`).join(` ${word} `);

const quantity: Expectation = {
  read: (value) => readQuantity(value) || undefined,
  expected: 'a quantity, such as "50m" or "64Mi"',
};

const known: readonly string[] = [...Object.values(annotations), ...resourceAnnotations.map(({ key }) => key)];

const expectations: ReadonlyMap<string, Expectation> = new Map<string, Expectation>([
  [annotations.systemAssigned, boolean],
  [annotations.imdsRedirect, boolean],
  [annotations.identity, identity],
  [annotations.secretFiles, secretFiles],
  [annotations.port, { read: readPort, expected: `a port from ${LOWEST_PORT} to ${HIGHEST_PORT}` }],
  [annotations.dialects, { read: readDialects, expected: inWords(dialectNames, "and"), values: dialectNames }],
  [
    annotations.gate,
    { read: readGate, expected: '"true", "false" or audiences, separated by commas', values: switchValues },
  ],
  ...resourceAnnotations.map(({ key }) => [key, quantity] as const),
  [annotations.sidecarMode, { read: readSidecarMode, expected: inWords(sidecarModes, "or"), values: sidecarModes }],
]);

const optInIsLabel = `this is a label, so the annotation has no effect: write ${labels.inject}: "true" into metadata.labels of the pod or pod template`;

/** What is odd about the `lanyard.dev/…` annotations of a workload or pod: it is left as it is, and its author is told. */
export function annotationWarnings(written: Readonly<Record<string, string>>): AnnotationWarning[] {
  return Object.entries(written).flatMap(([key, value]) => {
    if (!key.startsWith(`${API_GROUP}/`)) return [];
    if (key.toLowerCase() === labels.inject) return [{ key, message: optInIsLabel }];
    if (!known.includes(key))
      return [{ key, message: `unknown annotation, so it has no effect.${didYouMean(key, known)}` }];
    const expectation = expectations.get(key);
    if (expectation === undefined || expectation.read(value) !== undefined) return [];
    return [{ key, message: unexpected(expectation, value) }];
  });
}

function unexpected({ expected, values = [], otherwise = "it has no effect" }: Expectation, value: string): string {
  const hint = didYouMean(value, values);
  return `expected ${expected}, got ${quoted(value)}, so ${otherwise}${hint === "" ? "" : `.${hint}`}`;
}
