import { API_GROUP, annotations } from "./names.ts";
import { didYouMean } from "./nearest-name.ts";

interface AnnotationWarning {
  readonly key: string;
  readonly message: string;
}

const known: readonly string[] = Object.values(annotations);
const booleans: readonly string[] = [annotations.systemAssigned, annotations.imdsRedirect];

/** What is odd about the `lanyard.dev/…` annotations of a workload or pod: it is taken as it is, and its author is told. */
export function annotationWarnings(written: Readonly<Record<string, string>>): AnnotationWarning[] {
  return Object.entries(written).flatMap(([key, value]) => {
    if (!key.startsWith(`${API_GROUP}/`)) return [];
    if (!known.includes(key))
      return [{ key, message: `unknown annotation, so it has no effect.${didYouMean(key, known)}` }];
    if (!booleans.includes(key) || value === "true" || value === "false") return [];
    return [{ key, message: `expected "true" or "false", got "${value}", so it has no effect` }];
  });
}
